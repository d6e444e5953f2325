using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Areas as what a cache empties.</summary>
internal static class TileSelections
{
    /// <summary>Rectangles in one selection.</summary>
    private const int Most = 4096;

    /// <summary>Rows by which a polygon is followed; what is finer is taken along whole.</summary>
    private const int PolygonRows = 4096;

    /// <summary>All tiles of a level that an area touches, also those that the layer has none of any more.</summary>
    /// <param name="margin">How far the area reaches over itself, in sides of a tile.</param>
    public static IEnumerable<TileSelection> Of(TileMatrixSet set, int level, TileArea area, double margin, IReadOnlyList<TilesetKey> tilesets)
    {
        if (area is TileArea.Everything)
        {
            return tilesets.Select(tileset => new TileSelection(tileset, level));
        }

        var matrix = set.Matrices[level];
        return new TileWalk(set, level, matrix.Range, area, SideOf(matrix, area), margin).Ranges().Chunk(Most)
            .SelectMany(ranges => tilesets.Select(tileset => new TileSelection(tileset, level, ranges)));
    }

    /// <summary>Tiles a side that are taken together, so that a polygon is never more than so many rows.</summary>
    private static int SideOf(TileMatrix matrix, TileArea area)
    {
        if (area is not TileArea.Polygons(var rings))
        {
            return 1;
        }

        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var ring in rings)
        {
            for (var i = 1; i < ring.Length; i += 2)
            {
                (least, most) = (Math.Min(least, ring[i]), Math.Max(most, ring[i]));
            }
        }

        var side = 1;
        while ((most - least) / matrix.TileSpanY / side > PolygonRows)
        {
            side *= 2;
        }

        return side;
    }
}
