using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.Seeding;

/// <summary>Longitude and latitude, and Web Mercator.</summary>
internal sealed class PlainTransforms : ICoordinateTransforms
{
    private const double Radius = 6378137;

    public ICoordinateTransform? Between(Crs from, Crs to) =>
        from.SameAs(to) ? new Each(pair => pair)
        : from.SameAs(Crs.Crs84) && to == Crs.WebMercator ? new Each(pair => (double.DegreesToRadians(pair.X) * Radius, Math.Log(Math.Tan((Math.PI / 4) + (double.DegreesToRadians(pair.Y) / 2))) * Radius))
        : from == Crs.WebMercator && to.SameAs(Crs.Crs84) ? new Each(pair => (double.RadiansToDegrees(pair.X / Radius), double.RadiansToDegrees((2 * Math.Atan(Math.Exp(pair.Y / Radius))) - (Math.PI / 2))))
        : null;

    public Extent? Extent(in Extent extent, Crs from, Crs to)
    {
        if (Between(from, to) is not { } transform)
        {
            return null;
        }

        var most = to == Crs.WebMercator && from.SameAs(Crs.Crs84) ? 85.0511287798066 : double.MaxValue;
        double[] corners = [extent.MinX, Math.Clamp(extent.MinY, -most, most), extent.MaxX, Math.Clamp(extent.MaxY, -most, most)];
        transform.Apply(corners);
        return new Extent(corners[0], corners[1], corners[2], corners[3]);
    }

    private sealed class Each(Func<(double X, double Y), (double X, double Y)> transform) : ICoordinateTransform
    {
        public void Apply(Span<double> pairs)
        {
            for (var i = 0; i < pairs.Length; i += 2)
            {
                (pairs[i], pairs[i + 1]) = transform((pairs[i], pairs[i + 1]));
            }
        }
    }
}
