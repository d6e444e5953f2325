using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>
/// A vector tile of several layers. Vector tiles are lists of layers, so those of the layers, each out of its own cache, one after the other are the tile.
/// </summary>
public sealed class GetDatasetTile(GetTile tiles)
{
    /// <returns>The tile; or what is wrong, as for one layer.</returns>
    public async Task<(StoredTile? Tile, TileAnswer? Instead)> ExecuteAsync(DatasetTileset dataset, string tileMatrix, TileIndex tile, CancellationToken cancellationToken)
    {
        if (!dataset.TryFind(tileMatrix, tile, out var level, out var absent))
        {
            return (null, absent);
        }

        var (content, notes, empties, made) = (new List<ReadOnlyMemory<byte>>(), TileNotes.None, TileNotes.EmptyBelow | TileNotes.Empty, DateTimeOffset.UnixEpoch);
        foreach (var layer in dataset.Layers.Where(layer => layer.RangeOf(level)?.Contains(tile) == true))
        {
            switch (await tiles.ExecuteAsync(new TileRequest(layer, tileMatrix, tile, TileFormat.Mvt), cancellationToken))
            {
                case TileAnswer.Found found:
                    content.Add(TilePacking.Unpack(found.Tile));
                    notes |= found.Tile.Notes & TileNotes.Truncated;
                    empties &= found.Tile.Notes;
                    made = found.Tile.Made > made ? found.Tile.Made : made;
                    break;
                case TileAnswer.Failed failed:
                    return (null, failed);
                case TileAnswer.Absent:
                    // Unpublished just now.
                    break;
            }
        }

        return (TilePacking.Pack(new Ports.MadeTile(tile, VectorTile.Join(content), notes | empties), TileFormat.Mvt, TileEncoding.Gzip, made), null);
    }
}
