using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>The way from a layer's coordinates to those of a tile matrix set, and what of the layer a part of the set needs.</summary>
/// <param name="Apply"><see langword="null"/> where both are the same.</param>
/// <param name="Straight">Whether meridians and parallels stay straight, so that a window in one is a window in the other.</param>
internal sealed record Projection(ICoordinateTransform? Apply, bool Straight, Func<Extent, Extent> Inverse)
{
    private static readonly Extent _everywhere = new(double.NegativeInfinity, double.NegativeInfinity, double.PositiveInfinity, double.PositiveInfinity);

    /// <exception cref="TileSourceException">One of the two is not known here.</exception>
    public static Projection Between(Crs from, Crs to, ICoordinateTransforms transforms)
    {
        if (from.SameAs(to))
        {
            return new Projection(null, true, extent => extent);
        }

        if (from.SameAs(Crs.Wgs84) && to == Crs.WebMercator)
        {
            return new Projection(MercatorTransform.Instance, true, extent => MercatorTransform.Inverse(extent));
        }

        var transform = transforms.Between(from, to) ?? throw new TileSourceException($"There is no way from {from} to {to} here.");
        return new Projection(transform, false, extent => transforms.Extent(extent, to, from) ?? _everywhere);
    }
}
