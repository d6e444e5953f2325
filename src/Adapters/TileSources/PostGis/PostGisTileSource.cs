using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.TileSources.PostGis;

/// <summary>Vector tiles by <c>ST_AsMVT</c>: one round trip for a metatile.</summary>
internal sealed partial class PostGisTileSource(PostGisDatabases databases, ICoordinateTransforms transforms, ILogger<PostGisTileSource> logger) : ITileSource
{
    /// <summary>How often a tile that is too large is made anew with fewer features.</summary>
    private const int MaxShrinks = 6;

    public bool Makes(Layer layer, TileFormat format) => layer.Source.Kind == SourceKind.PostGis && format == TileFormat.Mvt;

    public async Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken)
    {
        var matrix = set.Matrices[tiles.Level];
        var all = (from row in Enumerable.Range(tiles.Range.MinRow, tiles.Range.Rows)
                   from column in Enumerable.Range(tiles.Range.MinColumn, tiles.Range.Columns)
                   select new TileIndex(column, row)).ToArray();
        var canonical = all.Select(matrix.Canonical).Distinct().ToArray();
        var made = await MakeAsync(layer, set, tiles.Level, canonical, layer.Tiles.MaxFeatures, cancellationToken);
        var found = new Dictionary<TileIndex, MadeTile>(canonical.Length);
        for (var i = 0; i < canonical.Length; i++)
        {
            found[canonical[i]] = made[i].Content.Length > layer.Tiles.MaxBytes ? await ShrinkAsync(layer, set, tiles.Level, made[i], cancellationToken) : made[i].Tile;
        }

        return [.. all.Select(tile => found[matrix.Canonical(tile)] with { Tile = tile })];
    }

    /// <summary>Fewer features until they fit: that part of them which fits, were they all of a size, and a little less each time.</summary>
    private async Task<MadeTile> ShrinkAsync(Layer layer, TileMatrixSet set, int level, Made made, CancellationToken cancellationToken)
    {
        for (var shrink = 0; shrink < MaxShrinks && made.Features > 1; shrink++)
        {
            var fewer = (int)Math.Max(1, made.Features * 0.9 * layer.Tiles.MaxBytes / made.Content.Length);
            made = (await MakeAsync(layer, set, level, [made.Tile.Tile], fewer, cancellationToken))[0];
            if (made.Content.Length <= layer.Tiles.MaxBytes)
            {
                return made.Tile with { Notes = TileNotes.Truncated };
            }
        }

        return made.Tile with { Content = ReadOnlyMemory<byte>.Empty, Notes = TileNotes.Empty | TileNotes.Truncated };
    }

    private async Task<Made[]> MakeAsync(Layer layer, TileMatrixSet set, int level, TileIndex[] tiles, int maxFeatures, CancellationToken cancellationToken)
    {
        var source = (LayerSource.PostGis)layer.Source;
        var database = databases.Find(source.Connection) ?? throw new TileSourceException($"the settings have no connection '{source.Connection}'");
        if (!PostGisFrom.TryParse(source.From, out var from))
        {
            throw new TileSourceException("the layer's source is no table and no query in brackets");
        }

        var query = PostGisTileQuery.Of(layer, source, from, set, level, tiles, maxFeatures, transforms);
        try
        {
            return await databases.ReadAsync(database, query.Sql, query.Parameters, async (reader, token) =>
            {
                var made = new Made[tiles.Length];
                while (await reader.ReadAsync(token))
                {
                    var (tile, content) = (tiles[reader.GetInt32(0)], reader.IsDBNull(1) ? [] : reader.GetFieldValue<byte[]>(1));
                    var (kept, hits, cut) = (reader.GetInt64(2), reader.GetInt64(3), reader.GetBoolean(4));
                    // As many as are allowed, and more were there: some of them may have been too small, which is no loss.
                    var notes = cut || (kept >= maxFeatures && hits > kept) ? TileNotes.Truncated : TileNotes.None;
                    notes |= kept > 0 ? TileNotes.None : hits > 0 || notes != TileNotes.None ? TileNotes.Empty : TileNotes.Empty | TileNotes.EmptyBelow;
                    made[reader.GetInt32(0)] = new Made(new MadeTile(tile, kept > 0 ? content : ReadOnlyMemory<byte>.Empty, notes), kept);
                }

                return made;
            }, cancellationToken);
        }
        catch (Exception failure) when (PostGisFailures.IsOfDatabase(failure) && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(layer.Id, source.Connection, failure);
            throw PostGisFailures.Of(failure, databases.TimeLimit);
        }
    }

    [LoggerMessage(EventId = 4220, Level = LogLevel.Warning, Message = "Tiles of {Layer} could not be made by the database {Connection}")]
    private partial void LogFailed(string layer, string connection, Exception failure);

    /// <param name="Features">In it.</param>
    private sealed record Made(MadeTile Tile, long Features)
    {
        public ReadOnlyMemory<byte> Content => Tile.Content;
    }
}
