using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>
/// Transverse Mercator (EPSG method 9807) by Krüger's series to the sixth power of the third flattening (C. F. F. Karney, Transverse Mercator with an
/// accuracy of a few nanometers, 2011, equations 7 to 36).
/// </summary>
internal sealed class TransverseMercatorProjection : Projection
{
    /// <summary>Up to it the series is true to micrometres; on the equator it is 65 degrees from the meridian.</summary>
    private const double MaxEta = 1.5;

    private readonly Ellipsoid _ellipsoid;
    private readonly double _meridian;
    private readonly double _falseEasting;
    private readonly double _falseNorthing;
    private readonly double _radius;
    private readonly double[] _forward;
    private readonly double[] _inverse;

    /// <param name="meridian">Degrees.</param>
    /// <param name="latitude">Of origin, degrees.</param>
    /// <param name="falseEasting">Metres, as the northing.</param>
    public TransverseMercatorProjection(Ellipsoid ellipsoid, double meridian, double latitude, double scale, double falseEasting, double falseNorthing)
    {
        (_ellipsoid, _meridian, _falseEasting) = (ellipsoid, meridian, falseEasting);
        var n = ellipsoid.Flattening / (2 - ellipsoid.Flattening);
        var (n2, n3, n4, n5, n6) = (n * n, n * n * n, Math.Pow(n, 4), Math.Pow(n, 5), Math.Pow(n, 6));
        _radius = scale * ellipsoid.A / (1 + n) * (1 + (n2 / 4) + (n4 / 64) + (n6 / 256));
        _forward =
        [
            (n / 2) - (2 * n2 / 3) + (5 * n3 / 16) + (41 * n4 / 180) - (127 * n5 / 288) + (7891 * n6 / 37800),
            (13 * n2 / 48) - (3 * n3 / 5) + (557 * n4 / 1440) + (281 * n5 / 630) - (1983433 * n6 / 1935360),
            (61 * n3 / 240) - (103 * n4 / 140) + (15061 * n5 / 26880) + (167603 * n6 / 181440),
            (49561 * n4 / 161280) - (179 * n5 / 168) + (6601661 * n6 / 7257600),
            (34729 * n5 / 80640) - (3418889 * n6 / 1995840),
            212378941 * n6 / 319334400,
        ];
        _inverse =
        [
            (n / 2) - (2 * n2 / 3) + (37 * n3 / 96) - (n4 / 360) - (81 * n5 / 512) + (96199 * n6 / 604800),
            (n2 / 48) + (n3 / 15) - (437 * n4 / 1440) + (46 * n5 / 105) - (1118711 * n6 / 3870720),
            (17 * n3 / 480) - (37 * n4 / 840) - (209 * n5 / 4480) + (5569 * n6 / 90720),
            (4397 * n4 / 161280) - (11 * n5 / 504) - (830251 * n6 / 7257600),
            (4583 * n5 / 161280) - (108847 * n6 / 3991680),
            20648693 * n6 / 638668800,
        ];
        _falseNorthing = falseNorthing;
        _falseNorthing -= Forward(meridian, latitude).Y - falseNorthing;
        var (end, pole) = (_radius * MaxEta * (1 - 1e-12), (_radius * Math.PI / 2) + 1e-6);
        Plane = new Extent(falseEasting - end, _falseNorthing - pole, falseEasting + end, _falseNorthing + pole);
    }

    public override (double Meridian, double Reach)? Longitudes => (_meridian, 40);

    public override Extent Plane { get; }

    public override (double X, double Y) Forward(double longitude, double latitude)
    {
        var lambda = Around(longitude - _meridian) * Radian;
        if (!(Math.Abs(latitude) <= 90) || !(Math.Abs(lambda) < Math.PI / 2))
        {
            return Nowhere;
        }

        var conformal = _ellipsoid.ConformalTangent(Math.Tan(latitude * Radian));
        var (sine, cosine) = Math.SinCos(lambda);
        var xi = Math.Atan2(conformal, cosine);
        var eta = Math.Asinh(sine / Math.Sqrt((conformal * conformal) + (cosine * cosine)));
        if (Math.Abs(eta) > 2 * MaxEta)
        {
            // Far beyond its end the series gives anything, and what may look as if it were within.
            return Nowhere;
        }

        var (north, east) = (xi, eta);
        for (var j = 0; j < _forward.Length; j++)
        {
            var twice = 2 * (j + 1);
            var (s, c) = Math.SinCos(twice * xi);
            north += _forward[j] * s * Math.Cosh(twice * eta);
            east += _forward[j] * c * Math.Sinh(twice * eta);
        }

        return Math.Abs(east) <= MaxEta ? (_falseEasting + (_radius * east), _falseNorthing + (_radius * north)) : Nowhere;
    }

    public override (double Longitude, double Latitude) Inverse(double x, double y)
    {
        var (xi, eta) = ((y - _falseNorthing) / _radius, (x - _falseEasting) / _radius);
        if (!(Math.Abs(eta) <= MaxEta) || !(Math.Abs(xi) <= Math.PI))
        {
            return Nowhere;
        }

        var (north, east) = (xi, eta);
        for (var j = 0; j < _inverse.Length; j++)
        {
            var twice = 2 * (j + 1);
            var (s, c) = Math.SinCos(twice * xi);
            north -= _inverse[j] * s * Math.Cosh(twice * eta);
            east -= _inverse[j] * c * Math.Sinh(twice * eta);
        }

        if (Math.Abs(north) > (Math.PI / 2) + 1e-12)
        {
            // Beyond a pole: more than a quarter around the earth from the meridian, where there is no way to the plane either.
            return Nowhere;
        }

        var (sine, cosine) = Math.SinCos(Math.Clamp(north, -Math.PI / 2, Math.PI / 2));
        var across = Math.Sinh(east);
        var tangent = _ellipsoid.FromConformalTangent(sine / Math.Sqrt((across * across) + (cosine * cosine)));
        return (Around(_meridian + (Math.Atan2(across, cosine) / Radian)), Math.Atan(tangent) / Radian);
    }
}
