using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>
/// Data of a layer have changed: removes the tiles that may show it, in every set, format and level, so that nothing old is answered. What is being made of
/// the old data meanwhile is not kept either.
/// </summary>
public sealed partial class InvalidateTiles(LayerCatalogue layers, LayerTilesets tilesets, PlanSeed plans, TileCache cache, ILogger<InvalidateTiles> logger)
{
    /// <param name="area">
    /// Where it has changed: old places and new ones. A box or polygon counts with what its features reach over a tile's edge (buffer, gutter); a list of
    /// tiles as it is, with all above and below.
    /// </param>
    /// <returns><see langword="false"/> when there is no such layer; what is kept under its id is gone then, too.</returns>
    public async Task<bool> ExecuteAsync(string id, SeedArea area, CancellationToken cancellationToken)
    {
        var layer = await layers.FindAsync(id, cancellationToken);
        if (layer is null || area is SeedArea.Everywhere or SeedArea.Unread)
        {
            await cache.RemoveLayerAsync(id, cancellationToken);
            LogAll(id);
            return layer is not null;
        }

        foreach (var tileset in tilesets.Of(layer))
        {
            var keys = TileFormat.All.Select(tileset.Key).ToArray();

            // Where an area can't be told in a set, all of that set has changed.
            var within = plans.AreaIn(area, tileset.Set) ?? new TileArea.Everything();
            for (var level = 0; level < tileset.Set.Matrices.Count; level++)
            {
                var margin = area is SeedArea.Listed ? 0 : MarginOf(layer, tileset.Set.Matrices[level].TileWidth);
                foreach (var selection in TileSelections.Of(tileset.Set, level, within, margin, keys))
                {
                    await cache.RemoveAsync(selection, cancellationToken);
                }
            }
        }

        LogArea(id);
        return true;
    }

    /// <summary>How far a tile shows what is beside it, in sides of a tile.</summary>
    private static double MarginOf(Layer layer, int tileWidth) => layer.IsVector
        ? Math.Max((double)layer.Tiles.Buffer / Math.Max(1, layer.Tiles.TileExtent), (double)layer.Tiles.Gutter / tileWidth)
        : (double)layer.Tiles.Gutter / tileWidth;

    [LoggerMessage(EventId = 1662, Level = LogLevel.Information, Message = "The data of layer {Layer} changed: all its tiles were removed")]
    private partial void LogAll(string layer);

    [LoggerMessage(EventId = 1663, Level = LogLevel.Information, Message = "The data of layer {Layer} changed in a part: its tiles were removed")]
    private partial void LogArea(string layer);
}
