using GeoWps.Domain.Spatial;

namespace GeoWps.Domain.Tiles;

/// <summary>A part of what a tile matrix set covers; coordinates are in the CRS of the set, x before y.</summary>
public abstract record TileArea
{
    private TileArea()
    {
    }

    public sealed record Everything : TileArea;

    /// <summary>What any of these rectangles holds.</summary>
    public sealed record Boxes(IReadOnlyList<Extent> Extents) : TileArea;

    /// <summary>What lies inside an odd number of rings: polygons, their holes, and several of them.</summary>
    /// <param name="Rings">Each as pairs (x, y, x, y, …), closed or not.</param>
    public sealed record Polygons(IReadOnlyList<double[]> Rings) : TileArea;

    /// <summary>Tiles of a set, and what lies above and below them in its other matrices.</summary>
    public sealed record Listed(TileMatrixSet Set, IReadOnlyList<TileMatrixLimits> Tiles) : TileArea;
}
