namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>From an older datum to WGS 84 by seven parameters (position vector, EPSG method 9606), heights taken as 0.</summary>
/// <param name="Dx">Metres, as the next two.</param>
/// <param name="Rx">Seconds of arc, as the next two.</param>
/// <param name="Scale">Millionths.</param>
internal sealed record DatumShift(Ellipsoid Ellipsoid, double Dx, double Dy, double Dz, double Rx, double Ry, double Rz, double Scale)
{
    private const double Radian = Math.PI / 180;

    private (double X, double Y, double Z) Turn => (Rx / 3600 * Radian, Ry / 3600 * Radian, Rz / 3600 * Radian);

    public (double Longitude, double Latitude) ToWgs84(double longitude, double latitude)
    {
        var (x, y, z) = Geocentric(Ellipsoid, longitude, latitude);
        var (rx, ry, rz) = Turn;
        var scale = 1 + (Scale * 1e-6);
        return Geographic(
            Ellipsoid.Wgs84,
            Dx + (scale * (x - (rz * y) + (ry * z))),
            Dy + (scale * ((rz * x) + y - (rx * z))),
            Dz + (scale * ((-ry * x) + (rx * y) + z)));
    }

    public (double Longitude, double Latitude) FromWgs84(double longitude, double latitude)
    {
        var (x, y, z) = Geocentric(Ellipsoid.Wgs84, longitude, latitude);
        var (rx, ry, rz) = Turn;
        var scale = 1 + (Scale * 1e-6);
        (x, y, z) = ((x - Dx) / scale, (y - Dy) / scale, (z - Dz) / scale);
        // The transposed rotation: what it neglects, and the height that was left out on the way here, is millimetres.
        return Geographic(Ellipsoid, x + (rz * y) - (ry * z), (-rz * x) + y + (rx * z), (ry * x) - (rx * y) + z);
    }

    private static (double X, double Y, double Z) Geocentric(Ellipsoid ellipsoid, double longitude, double latitude)
    {
        var (sine, cosine) = Math.SinCos(latitude * Radian);
        var (east, ahead) = Math.SinCos(longitude * Radian);
        var normal = ellipsoid.A / Math.Sqrt(1 - (ellipsoid.E2 * sine * sine));
        return (normal * cosine * ahead, normal * cosine * east, normal * (1 - ellipsoid.E2) * sine);
    }

    /// <summary>By iteration; near the surface each step is two hundred times closer.</summary>
    private static (double Longitude, double Latitude) Geographic(Ellipsoid ellipsoid, double x, double y, double z)
    {
        var across = Math.Sqrt((x * x) + (y * y));
        var latitude = Math.Atan2(z, across * (1 - ellipsoid.E2));
        for (var step = 0; step < 5; step++)
        {
            var sine = Math.Sin(latitude);
            latitude = Math.Atan2(z + (ellipsoid.E2 * ellipsoid.A * sine / Math.Sqrt(1 - (ellipsoid.E2 * sine * sine))), across);
        }

        return (Math.Atan2(y, x) / Radian, latitude / Radian);
    }
}
