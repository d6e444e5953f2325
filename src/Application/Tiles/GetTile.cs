using System.Diagnostics.CodeAnalysis;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Tiles;

/// <summary>A tile, out of the cache or made now. Source: OGC API - Tiles 1.0 (OGC 20-057), class "Core".</summary>
public sealed partial class GetTile(TileCache cache, MakeTiles maker, TimeProvider clock, ILogger<GetTile> logger)
{
    /// <summary>A tile that is at hand and fresh: out of memory, or of what the store can tell without waiting for a disk.</summary>
    public bool TryGet(LayerTileset tileset, TileFormat format, int level, TileIndex tile, [NotNullWhen(true)] out StoredTile? found)
    {
        var key = new TileKey(tileset.Key(format), level, tile);
        return (cache.TryGet(key, out found) || (tileset.Layer.Caching.Enabled && maker.Makes(tileset.Layer, format) && cache.TryFindNow(key, out found))) && IsFresh(tileset, level, found);
    }

    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public async ValueTask<TileAnswer> ExecuteAsync(TileRequest request, CancellationToken cancellationToken)
    {
        var (tileset, format) = (request.Tileset, request.Format);
        if (!maker.Makes(tileset.Layer, format))
        {
            return new TileAnswer.Absent(AbsentPart.Format, format.Name);
        }

        if (!tileset.Set.TryFindLevel(request.TileMatrix, out var level) || tileset.RangeOf(level) is not { } range)
        {
            return new TileAnswer.Absent(AbsentPart.TileMatrix, request.TileMatrix);
        }

        if (!range.Contains(request.Tile))
        {
            return new TileAnswer.Absent(AbsentPart.Tile, $"row {request.Tile.Row}, column {request.Tile.Column}");
        }

        var tile = tileset.Set.Matrices[level].Canonical(request.Tile);
        var kept = tileset.Layer.Caching.Enabled ? await cache.FindAsync(new TileKey(tileset.Key(format), level, tile), cancellationToken) : null;
        if (kept is not null && IsFresh(tileset, level, kept))
        {
            return new TileAnswer.Found(kept, tileset, level, format, FromCache: true);
        }

        if (kept is not null && tileset.Layer.Caching.ServeStale)
        {
            maker.Renew(tileset, format, level, tile);
            return new TileAnswer.Found(kept, tileset, level, format, FromCache: true);
        }

        try
        {
            return new TileAnswer.Found(await maker.ExecuteAsync(tileset, format, level, tile, cancellationToken), tileset, level, format, FromCache: false);
        }
        catch (Exception error) when (kept is not null && (error is Ports.TileSourceException or Nodes.ElsewhereException))
        {
            // What is old is better than nothing, and its age is in its head.
            LogStale(tileset.Layer.Id, error.Message);
            return new TileAnswer.Found(kept, tileset, level, format, FromCache: true);
        }
        catch (Ports.TileSourceException error)
        {
            LogFailed(error, tileset.Layer.Id, tileset.Set.Id, tileset.Set.Matrices[level].Id, tile.Row, tile.Column);
            return new TileAnswer.Failed(error.Message, error.RetryAfter);
        }
    }

    private bool IsFresh(LayerTileset tileset, int level, StoredTile tile) =>
        tileset.Layer.Caching.FreshFor(level) is not { } fresh || clock.GetUtcNow() - tile.Made < fresh;

    [LoggerMessage(EventId = 1601, Level = LogLevel.Warning, Message = "A tile of layer {Layer} could not be renewed and is answered as it was: {Reason}")]
    private partial void LogStale(string layer, string reason);

    [LoggerMessage(EventId = 1602, Level = LogLevel.Warning, Message = "Tile {TileMatrix}/{Row}/{Column} of layer {Layer} in {TileMatrixSet} could not be made")]
    private partial void LogFailed(Exception error, string layer, string tileMatrixSet, string tileMatrix, int row, int column);
}
