using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Removes tiles of a layer. A whole layer, a whole tileset and a whole level go at once, whatever they hold.</summary>
public sealed partial class TruncateTiles(LayerCatalogue layers, LayerTilesets tilesets, PlanSeed plans, TileCache cache, ILogger<TruncateTiles> logger)
{
    /// <summary>All of a layer, also of one that is gone.</summary>
    public async Task ExecuteAsync(string layer, CancellationToken cancellationToken)
    {
        await cache.RemoveLayerAsync(layer, cancellationToken);
        LogEmptied(layer);
    }

    /// <summary>Nothing is removed when there are mistakes.</summary>
    /// <param name="progress">Per cent.</param>
    public async Task ExecuteAsync(SeedWish wish, List<Mistake> mistakes, Action<double> progress, CancellationToken cancellationToken)
    {
        var before = mistakes.Count;
        var found = await layers.FindAsync(wish.Layer, cancellationToken);
        var all = found is null ? [] : tilesets.Of(found);
        if (found is null)
        {
            mistakes.Add(new Mistake(SeedNames.Layer, $"there is no layer {wish.Layer}"));
            return;
        }

        var chosen = PlanSeed.Chosen(wish, all, mistakes);
        if (mistakes.Count > before || wish.Area is SeedArea.Unread)
        {
            return;
        }

        var isWhole = wish is { Area: SeedArea.Everywhere, MinZoom: null, MaxZoom: null, TileMatrices.Count: 0 };
        if (isWhole && wish.TileMatrixSets.Count == 0 && wish.Formats.Count == 0)
        {
            await ExecuteAsync(wish.Layer, cancellationToken);
            return;
        }

        // Also formats that the layer had once: they are there as long as nobody removes them.
        var formats = wish.Formats.Count > 0 ? wish.Formats : TileFormat.All;
        var done = 0;
        foreach (var tileset in chosen)
        {
            var keys = formats.Select(tileset.Key).ToArray();
            if (isWhole)
            {
                foreach (var key in keys)
                {
                    await cache.RemoveAsync(new TileSelection(key), cancellationToken);
                }
            }
            else if (plans.AreaIn(wish.Area, tileset.Set) is { } area)
            {
                foreach (var level in Enumerable.Range(0, tileset.Set.Matrices.Count).Where(level => PlanSeed.Wants(wish, tileset.Set, level)))
                {
                    foreach (var selection in TileSelections.Of(tileset.Set, level, area, margin: 0, keys))
                    {
                        await cache.RemoveAsync(selection, cancellationToken);
                    }
                }
            }

            progress(100d * ++done / chosen.Count);
        }

        LogTruncated(wish.Layer, chosen.Count, formats.Count);
    }

    [LoggerMessage(EventId = 1660, Level = LogLevel.Information, Message = "All tiles of layer {Layer} were removed")]
    private partial void LogEmptied(string layer);

    [LoggerMessage(EventId = 1661, Level = LogLevel.Information, Message = "Tiles of layer {Layer} were removed in {Sets} tile matrix sets and {Formats} formats")]
    private partial void LogTruncated(string layer, int sets, int formats);
}
