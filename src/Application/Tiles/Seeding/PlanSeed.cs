using System.Globalization;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Works out what a wish to seed comes to, and refuses what is too much. Nothing is read of the data.</summary>
public sealed class PlanSeed(
    LayerCatalogue layers, LayerTilesets tilesets, TileMatrixSets sets, MakeTiles maker, TileCache cache, ICoordinateTransforms transforms, IOptions<RequestLimits> limits)
{
    private readonly AreaProjection _areas = new(sets, transforms);

    /// <param name="keeps">Whether the tiles are made to be kept: then there must be a cache.</param>
    /// <returns><see langword="null"/> when there are mistakes, or nothing can be said yet (<see cref="SeedArea.Unread"/>).</returns>
    public async Task<SeedPlan?> ExecuteAsync(SeedWish wish, List<Mistake> mistakes, CancellationToken cancellationToken, bool keeps = true)
    {
        if (await layers.FindAsync(wish.Layer, cancellationToken) is not { } layer)
        {
            mistakes.Add(new Mistake(SeedNames.Layer, $"there is no layer {wish.Layer}"));
            return null;
        }

        var before = mistakes.Count;
        if (keeps && (!cache.IsEnabled || !layer.Caching.Enabled))
        {
            mistakes.Add(new Mistake(SeedNames.Layer, cache.IsEnabled ? $"the tiles of {layer.Id} are not kept" : "no tiles are kept: the cache is off"));
        }

        var chosen = Chosen(wish, tilesets.Of(layer), mistakes);
        var formats = wish.Formats.Count > 0 ? wish.Formats : [.. layer.Formats.Where(format => maker.Makes(layer, format))];
        foreach (var format in formats.Where(format => !maker.Makes(layer, format)))
        {
            mistakes.Add(new Mistake(SeedNames.Format, $"tiles of {layer.Id} are not made as {format}; there are: {string.Join(", ", maker.FormatsOf(layer))}"));
        }

        if (mistakes.Count > before || wish.Area is SeedArea.Unread)
        {
            return null;
        }

        var plan = new SeedPlan([.. Parts(wish, chosen, formats, mistakes)], layer.Revision);
        if (plan.Tiles > limits.Value.SeedTiles)
        {
            mistakes.Add(new Mistake("", string.Create(
                CultureInfo.InvariantCulture,
                $"this would make {(plan.IsExact ? "" : "at least ")}{plan.Tiles:N0} tiles; at most {limits.Value.SeedTiles:N0} are allowed (Limits:SeedTiles): choose fewer zooms or a smaller area")));
        }

        return mistakes.Count > before ? null : plan;
    }

    /// <summary>The tilesets of a wish, with its mistakes; what is missing of the area stays out.</summary>
    internal static IReadOnlyList<LayerTileset> Chosen(SeedWish wish, IReadOnlyList<LayerTileset> all, List<Mistake> mistakes)
    {
        foreach (var unknown in wish.TileMatrixSets.Where(id => all.All(tileset => tileset.Set.Id != id)))
        {
            mistakes.Add(new Mistake(SeedNames.TileMatrixSet, $"{wish.Layer} has no tile matrix set {unknown}; there are: {string.Join(", ", all.Select(tileset => tileset.Set.Id))}"));
        }

        var chosen = wish.TileMatrixSets.Count == 0 ? all : [.. all.Where(tileset => wish.TileMatrixSets.Contains(tileset.Set.Id))];
        foreach (var unknown in wish.TileMatrices.Where(id => chosen.All(tileset => !tileset.Set.TryFindLevel(id, out _))))
        {
            mistakes.Add(new Mistake(SeedNames.TileMatrix, $"there is no tile matrix {unknown}"));
        }

        if (wish.MinZoom > wish.MaxZoom)
        {
            mistakes.Add(new Mistake(SeedNames.MaxZoom, "must not be less than minZoom"));
        }

        return chosen;
    }

    internal static bool Wants(SeedWish wish, TileMatrixSet set, int level) =>
        level >= (wish.MinZoom ?? 0) && level <= (wish.MaxZoom ?? int.MaxValue) && (wish.TileMatrices.Count == 0 || wish.TileMatrices.Contains(set.Matrices[level].Id));

    internal TileArea? AreaIn(SeedArea area, TileMatrixSet set) => _areas.Of(area, set);

    private IEnumerable<SeedPart> Parts(SeedWish wish, IReadOnlyList<LayerTileset> chosen, IReadOnlyList<TileFormat> formats, List<Mistake> mistakes)
    {
        foreach (var tileset in chosen)
        {
            if (AreaIn(wish.Area, tileset.Set) is not { } area)
            {
                mistakes.Add(new Mistake(SeedNames.TileMatrixSet, $"the area has no place in {tileset.Set.Id}"));
                continue;
            }

            foreach (var format in formats)
            {
                foreach (var limit in tileset.Limits.Where(limit => Wants(wish, tileset.Set, limit.Level)))
                {
                    // Metatiles reach over the edge of an area: only where there is none may they be as large as the source likes.
                    var side = wish.Area is SeedArea.Everywhere ? maker.SideOfAll(tileset, format, limit.Level) : maker.SideOf(tileset, format, limit.Level);
                    var walk = new TileWalk(tileset.Set, limit.Level, limit.Range, area, Math.Max(1, side));
                    if (walk.MetaTiles > 0)
                    {
                        yield return new SeedPart(tileset, format, walk, new TileWalk(tileset.Set, limit.Level, limit.Range, area, metaTile: 1));
                    }
                }
            }
        }
    }
}
