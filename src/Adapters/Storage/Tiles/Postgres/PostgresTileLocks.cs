using System.Globalization;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Storage.Tiles.Postgres;

/// <summary>Turns at metatiles, where the tiles of all nodes are kept in PostgreSQL.</summary>
internal sealed class PostgresTileLocks(PostgresTurns turns) : ITileLocks
{
    public Task<TileTurn?> TakeAsync(TilesetKey tileset, MetaTile tiles, TimeSpan since, bool anew, CancellationToken cancellationToken)
    {
        var range = tiles.Range;
        var key = string.Create(
            CultureInfo.InvariantCulture,
            $"{tileset.Layer}/{tileset.TileMatrixSet}/{tileset.Format.Name}/{tiles.Level}/{range.MinColumn}-{range.MaxColumn}/{range.MinRow}-{range.MaxRow}");
        return turns.TakeAsync(key, tileset, tiles.Level, since, anew, cancellationToken);
    }
}
