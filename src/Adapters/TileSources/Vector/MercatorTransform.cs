using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// Degrees to Web Mercator (EPSG 9.12, "Popular Visualisation Pseudo Mercator"), several places at a time. Latitudes above 89.99 degrees count as that, so
/// that what reaches to a pole still covers the map to its edge.
/// </summary>
internal sealed class MercatorTransform : ICoordinateTransform
{
    private const double Radius = 6378137;
    private const double Degree = Math.PI / 180;
    private const double MaxLatitude = 89.99;

    private MercatorTransform()
    {
    }

    public static MercatorTransform Instance { get; } = new();

    public void Apply(Span<double> pairs)
    {
        var wide = MemoryMarshal.Cast<double, Vector256<double>>(pairs[..(pairs.Length & ~7)]);
        for (var i = 0; i < wide.Length; i += 2)
        {
            // Latitudes of four places at once: (x0 y0 x1 y1)(x2 y2 x3 y3) to (y0 y2 y1 y3).
            var (first, second) = (wide[i], wide[i + 1]);
            var latitude = Vector256.Create(first[1], second[1], first[3], second[3]);
            var sine = Vector256.Sin(Vector256.Clamp(latitude, Vector256.Create(-MaxLatitude), Vector256.Create(MaxLatitude)) * Degree);
            var y = Vector256.Log((Vector256<double>.One + sine) / (Vector256<double>.One - sine)) * (Radius / 2);
            wide[i] = Vector256.Create(first[0] * (Radius * Degree), y[0], first[2] * (Radius * Degree), y[2]);
            wide[i + 1] = Vector256.Create(second[0] * (Radius * Degree), y[1], second[2] * (Radius * Degree), y[3]);
        }

        for (var i = pairs.Length & ~7; i + 1 < pairs.Length; i += 2)
        {
            var sine = Math.Sin(Math.Clamp(pairs[i + 1], -MaxLatitude, MaxLatitude) * Degree);
            (pairs[i], pairs[i + 1]) = (pairs[i] * (Radius * Degree), Math.Log((1 + sine) / (1 - sine)) * (Radius / 2));
        }
    }

    /// <summary>Which degrees lie in a rectangle of metres: its sides are meridians and parallels.</summary>
    public static Extent Inverse(in Extent metres)
    {
        return new Extent(metres.MinX / (Radius * Degree), Latitude(metres.MinY), metres.MaxX / (Radius * Degree), Latitude(metres.MaxY));

        // Beyond what a latitude is moved to lies everything up to the pole.
        static double Latitude(double y) => Math.Atan(Math.Sinh(y / Radius)) / Degree is var latitude && Math.Abs(latitude) < MaxLatitude ? latitude : Math.Sign(y) * 90;
    }
}
