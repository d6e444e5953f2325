using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>
/// A drawn tile of several layers: those of the layers, each out of its own cache, one over the other. What is laid together is not kept: the parts are, they go
/// when their layers change, and a key for each list of layers would keep every picture many times.
/// </summary>
public sealed class GetDatasetMap(GetTile tiles, MakeTiles maker, TimeProvider clock, IPictureComposer? composer = null)
{
    /// <summary>What a dataset's map tiles are to be had in, the first when nobody says.</summary>
    public static IReadOnlyList<TileFormat> Formats { get; } = [TileFormat.Png, TileFormat.Jpeg, TileFormat.Webp];

    /// <param name="dataset">Its layers are drawn in their order, the first lowest.</param>
    /// <returns>The tile; or what is wrong, as for one layer.</returns>
    public async Task<(StoredTile? Tile, TileAnswer? Instead)> ExecuteAsync(
        DatasetTileset dataset, string tileMatrix, TileIndex tile, TileFormat format, CancellationToken cancellationToken)
    {
        if (!dataset.TryFind(tileMatrix, tile, out var level, out var absent))
        {
            return (null, absent);
        }

        LayerTileset[] there = [.. dataset.Layers.Where(layer => layer.RangeOf(level)?.Contains(tile) == true)];
        var answers = await Task.WhenAll(there.Select(layer => tiles.ExecuteAsync(new TileRequest(layer, tileMatrix, tile, PartOf(layer, there.Length == 1 ? format : null)), cancellationToken).AsTask()));
        if (answers.OfType<TileAnswer.Failed>().FirstOrDefault() is { } failed)
        {
            return (null, failed);
        }

        // A layer that was unpublished just now has none.
        TileAnswer.Found[] parts = [.. answers.OfType<TileAnswer.Found>().Where(found => !found.Tile.Content.IsEmpty)];
        switch (parts)
        {
            case []:
                return (TilePacking.Pack(new MadeTile(tile, default, TileNotes.Empty), format, TileEncoding.Identity, LastMade(answers)), null);
            case [var only] when only.Format == format:
                return (only.Tile with { Notes = TileNotes.None }, null);
            case var _ when composer is null:
                return (null, new TileAnswer.Failed("Tiles of several layers need QGIS, which is not here.", RetryAfter: null));
        }

        try
        {
            var matrix = dataset.Set.Matrices[level];
            var picture = await composer.ComposeAsync([.. parts.Select(part => TilePacking.Unpack(part.Tile))], matrix.TileWidth, matrix.TileHeight, format, cancellationToken);
            return (TilePacking.Pack(new MadeTile(tile, picture, TileNotes.None), format, TileEncoding.Identity, LastMade(parts)), null);
        }
        catch (TileSourceException error)
        {
            return (null, new TileAnswer.Failed(error.Message, error.RetryAfter));
        }
    }

    /// <summary>What is laid over others must let them through where it can.</summary>
    private TileFormat PartOf(LayerTileset layer, TileFormat? wanted) =>
        wanted is { } only && maker.Makes(layer.Layer, only) ? only
        : maker.Makes(layer.Layer, TileFormat.Png) ? TileFormat.Png
        : maker.Makes(layer.Layer, TileFormat.Webp) ? TileFormat.Webp
        : TileFormat.Jpeg;

    private DateTimeOffset LastMade(IEnumerable<TileAnswer> parts) =>
        parts.OfType<TileAnswer.Found>().Select(found => found.Tile.Made).DefaultIfEmpty(clock.GetUtcNow()).Max();
}
