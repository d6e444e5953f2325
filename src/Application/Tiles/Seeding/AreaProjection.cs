using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Brings an area into the CRS of a tile matrix set.</summary>
internal sealed class AreaProjection(TileMatrixSets sets, ICoordinateTransforms transforms)
{
    /// <summary>By whose tiles lists of tiles go.</summary>
    private const string Xyz = "WebMercatorQuad";

    /// <summary>Degrees; a longer edge is followed in steps, because straight lines bend.</summary>
    private const double LongestEdge = 1;

    /// <returns><see langword="null"/> when the CRS of the set can't be reached from longitude and latitude here.</returns>
    public TileArea? Of(SeedArea area, TileMatrixSet set) => area switch
    {
        SeedArea.Everywhere => new TileArea.Everything(),
        SeedArea.Boxes(var extents) => Boxes(extents, Crs.Crs84, set),
        SeedArea.Polygons(var rings) => Polygons(rings, set),
        SeedArea.Listed(var tiles) when set.Id == Xyz => new TileArea.Listed(set, tiles),
        SeedArea.Listed(var tiles) when sets.Find(Xyz) is { } xyz => Boxes([.. tiles.Select(one => Inner(xyz.Matrices[one.Level], one.Range))], xyz.Crs, set),
        _ => null,
    };

    /// <summary>A tile without its edges: what only touches it is not meant.</summary>
    private static Extent Inner(TileMatrix matrix, TileRange tiles) => matrix.ExtentOf(tiles).Grow(-1e-6 * matrix.TileSpanX);

    private TileArea.Boxes? Boxes(IReadOnlyList<Extent> extents, Crs crs, TileMatrixSet set)
    {
        var boxes = new List<Extent>(extents.Count);
        foreach (var extent in extents)
        {
            if (transforms.Extent(extent, crs, set.Crs) is not { } box)
            {
                return null;
            }

            if (!box.IsEmpty)
            {
                boxes.Add(box);
            }
        }

        return new TileArea.Boxes(boxes);
    }

    private TileArea.Polygons? Polygons(IReadOnlyList<double[]> rings, TileMatrixSet set)
    {
        // What the set has no place for (the poles in Mercator) is cut off before.
        if (transforms.Between(Crs.Crs84, set.Crs) is not { } transform || transforms.Extent(set.Matrices[0].Extent, set.Crs, Crs.Crs84) is not { } domain)
        {
            return null;
        }

        var projected = new List<double[]>(rings.Count);
        foreach (var ring in rings)
        {
            var pairs = Followed(domain.IsEmpty ? ring : Clip(ring, domain));
            transform.Apply(pairs);
            projected.Add(Places(pairs));
        }

        return new TileArea.Polygons(projected);
    }

    private static double[] Followed(double[] ring)
    {
        var pairs = new List<double>(ring.Length);
        for (int count = ring.Length / 2, i = 0; i < count; i++)
        {
            var (x, y, nextX, nextY) = (ring[2 * i], ring[(2 * i) + 1], ring[2 * ((i + 1) % count)], ring[(2 * ((i + 1) % count)) + 1]);
            var steps = Math.Max(1, Math.Ceiling(Math.Max(Math.Abs(nextX - x), Math.Abs(nextY - y)) / LongestEdge));
            for (var step = 0; step < steps; step++)
            {
                pairs.Add(x + ((nextX - x) * (step / steps)));
                pairs.Add(y + ((nextY - y) * (step / steps)));
            }
        }

        return [.. pairs];
    }

    private static double[] Places(double[] pairs) =>
        Array.Exists(pairs, number => !double.IsFinite(number))
            ? [.. pairs.Chunk(2).Where(pair => double.IsFinite(pair[0]) && double.IsFinite(pair[1])).SelectMany(pair => pair)]
            : pairs;

    /// <summary>A ring cut at a rectangle, side by side (Sutherland and Hodgman); where it would fall into parts, they hang together along the sides.</summary>
    private static double[] Clip(double[] ring, Extent to)
    {
        ring = ClipSide(ring, axis: 0, to.MinX, keepsLess: false);
        ring = ClipSide(ring, axis: 0, to.MaxX, keepsLess: true);
        ring = ClipSide(ring, axis: 1, to.MinY, keepsLess: false);
        return ClipSide(ring, axis: 1, to.MaxY, keepsLess: true);
    }

    private static double[] ClipSide(double[] ring, int axis, double at, bool keepsLess)
    {
        var kept = new List<double>(ring.Length);
        for (int count = ring.Length / 2, i = 0; i < count; i++)
        {
            var here = ring.AsSpan(2 * i, 2);
            var next = ring.AsSpan(2 * ((i + 1) % count), 2);
            var (isIn, nextIsIn) = (IsIn(here[axis]), IsIn(next[axis]));
            if (isIn)
            {
                kept.AddRange(here);
            }

            if (isIn != nextIsIn)
            {
                var share = (at - here[axis]) / (next[axis] - here[axis]);
                var other = here[1 - axis] + (share * (next[1 - axis] - here[1 - axis]));
                kept.AddRange(axis == 0 ? [at, other] : [other, at]);
            }
        }

        return [.. kept];

        bool IsIn(double value) => keepsLess ? value <= at : value >= at;
    }
}
