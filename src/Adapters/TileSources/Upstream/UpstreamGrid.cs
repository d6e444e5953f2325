using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>One grid of another server.</summary>
/// <param name="Id">The other server's.</param>
/// <param name="Scale">Its scale denominator, or what stands for it: only what is given by <paramref name="CellSize"/> when that is there.</param>
/// <param name="CellSize">CRS units; <see langword="null"/> where only the scale is known.</param>
/// <param name="Corner">The corner of origin as the document writes it: nobody agrees on the order of axes.</param>
internal sealed record UpstreamMatrix(string Id, double? Scale, double? CellSize, (double First, double Second) Corner, int TileWidth, int TileHeight)
{
    /// <summary>Rounded numbers differ by less, neighbouring scales by far more.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>Whether tile for tile it is ours.</summary>
    public bool Is(TileMatrix ours) => TileWidth == ours.TileWidth && TileHeight == ours.TileHeight
        && (CellSize is { } cell ? Near(cell, ours.CellSize) : Scale is { } scale && Near(scale, ours.ScaleDenominator))
        && (At(ours, Corner.First, Corner.Second) || At(ours, Corner.Second, Corner.First));

    private static bool Near(double theirs, double ours) => Math.Abs(theirs - ours) <= Tolerance * ours;

    /// <summary>Within a pixel, or a thousandth of a tile of the coarser ones.</summary>
    private static bool At(TileMatrix ours, double x, double y) =>
        Math.Abs(x - ours.OriginX) <= ours.CellSize && Math.Abs(y - ours.OriginY) <= ours.CellSize;
}

/// <summary>Finds which of this server's sets another server's grids are.</summary>
internal static class UpstreamGrid
{
    /// <summary>One for each set of ours in the same CRS that has at least one of the matrices; first the one that has most.</summary>
    public static IEnumerable<UpstreamMatch> Match(Crs crs, IReadOnlyList<UpstreamMatrix> theirs, IReadOnlyList<TileMatrixSet> sets) =>
        from set in sets

        // Other servers do not know tiles of several columns.
        where set.Crs.SameAs(crs) && set.Matrices.All(matrix => matrix.VariableMatrixWidths.Count == 0)
        let ids = set.Matrices.Select(matrix => theirs.FirstOrDefault(one => one.Is(matrix))?.Id ?? "").ToArray()
        let min = Array.FindIndex(ids, id => id.Length > 0)
        where min >= 0
        orderby ids.Count(id => id.Length > 0) descending
        select new UpstreamMatch(set, ids, min, Array.FindLastIndex(ids, id => id.Length > 0));

    /// <summary>What is wanted of a document that offers one thing.</summary>
    /// <exception cref="UpstreamRefusal">It is something else.</exception>
    public static void Check(UpstreamOffer offer, string name, TileMatrixSet set, TileFormat format)
    {
        UpstreamRefusal.Choose("layer", offer.Layer, [name], one => one);
        UpstreamRefusal.Choose("tileMatrixSet", offer.TileMatrixSet, [set.Id], one => one);
        UpstreamRefusal.Choose("format", offer.Format?.Name, [format.Name], one => one);
        if (offer.Style is not null)
        {
            throw new UpstreamRefusal("style", "only a capabilities document of WMTS has styles");
        }
    }
}

/// <param name="Ids">The other server's ids by our position; empty where it has none.</param>
internal sealed record UpstreamMatch(TileMatrixSet Set, IReadOnlyList<string> Ids, int MinLevel, int MaxLevel);
