namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>Lambert's conformal conic projection with one or two parallels (EPSG methods 9801, 9802; IOGP 373-7-2, 3.1.1).</summary>
internal sealed class LambertConicProjection : Projection
{
    private readonly Ellipsoid _ellipsoid;
    private readonly double _meridian;
    private readonly double _falseEasting;
    private readonly double _falseNorthing;
    private readonly double _cone;
    private readonly double _factor;
    private readonly double _originRadius;

    /// <param name="meridian">Degrees, as all angles.</param>
    /// <param name="falseEasting">Metres, as the northing.</param>
    public LambertConicProjection(
        Ellipsoid ellipsoid, double meridian, double latitude, double parallel1, double parallel2, double scale, double falseEasting, double falseNorthing)
    {
        (_ellipsoid, _meridian, _falseEasting, _falseNorthing) = (ellipsoid, meridian, falseEasting, falseNorthing);
        var (first, second) = (parallel1 * Radian, parallel2 * Radian);
        _cone = Math.Abs(first - second) < 1e-10
            ? Math.Sin(first)
            : Math.Log(ellipsoid.Parallel(first) / ellipsoid.Parallel(second)) / (ellipsoid.Isometric(second) - ellipsoid.Isometric(first));
        _factor = scale * ellipsoid.A * ellipsoid.Parallel(first) / _cone * Math.Exp(_cone * ellipsoid.Isometric(first));
        _originRadius = Radius(latitude);
    }

    public override (double South, double North) Latitudes => _cone > 0 ? (-80, 90) : (-90, 80);

    public override (double Meridian, double Reach)? Longitudes => (_meridian, BesideOpposite);

    public override (double X, double Y) Forward(double longitude, double latitude)
    {
        if (!(Math.Abs(latitude) <= 90) || latitude == (_cone > 0 ? -90 : 90))
        {
            return Nowhere;
        }

        var radius = Radius(latitude);
        var (sine, cosine) = Math.SinCos(_cone * Around(longitude - _meridian) * Radian);
        return (_falseEasting + (radius * sine), _falseNorthing + _originRadius - (radius * cosine));
    }

    public override (double Longitude, double Latitude) Inverse(double x, double y)
    {
        var (east, down) = (x - _falseEasting, _originRadius - (y - _falseNorthing));
        var sign = Math.Sign(_cone);
        var radius = Math.Sqrt((east * east) + (down * down));
        if (radius == 0)
        {
            return (_meridian, 90 * sign);
        }

        var longitude = Math.Atan2(sign * east, sign * down) / _cone / Radian;
        return Math.Abs(longitude) <= 180 + 1e-9
            ? (Around(_meridian + longitude), _ellipsoid.FromIsometric(-Math.Log(radius / Math.Abs(_factor)) / _cone) / Radian)
            : Nowhere;
    }

    private double Radius(double latitude) => latitude == (_cone > 0 ? 90 : -90) ? 0 : _factor * Math.Exp(-_cone * _ellipsoid.Isometric(latitude * Radian));
}

/// <summary>Albers' conic projection of equal areas (EPSG method 9822; IOGP 373-7-2, 3.1.3).</summary>
internal sealed class AlbersProjection : Projection
{
    private readonly Ellipsoid _ellipsoid;
    private readonly double _meridian;
    private readonly double _falseEasting;
    private readonly double _falseNorthing;
    private readonly double _cone;
    private readonly double _constant;
    private readonly double _originRadius;
    private readonly double _hemisphere;

    /// <param name="meridian">Degrees, as all angles.</param>
    /// <param name="falseEasting">Metres, as the northing.</param>
    public AlbersProjection(Ellipsoid ellipsoid, double meridian, double latitude, double parallel1, double parallel2, double falseEasting, double falseNorthing)
    {
        (_ellipsoid, _meridian, _falseEasting, _falseNorthing) = (ellipsoid, meridian, falseEasting, falseNorthing);
        var (first, second) = (parallel1 * Radian, parallel2 * Radian);
        var (m1, m2) = (ellipsoid.Parallel(first), ellipsoid.Parallel(second));
        _cone = Math.Abs(first - second) < 1e-10 ? Math.Sin(first) : ((m1 * m1) - (m2 * m2)) / (ellipsoid.Area(second) - ellipsoid.Area(first));
        _constant = (m1 * m1) + (_cone * ellipsoid.Area(first));
        _hemisphere = ellipsoid.Area(Math.PI / 2);
        _originRadius = Radius(latitude);
    }

    public override (double Meridian, double Reach)? Longitudes => (_meridian, BesideOpposite);

    public override (double X, double Y) Forward(double longitude, double latitude)
    {
        if (!(Math.Abs(latitude) <= 90))
        {
            return Nowhere;
        }

        var radius = Radius(latitude);
        var (sine, cosine) = Math.SinCos(_cone * Around(longitude - _meridian) * Radian);
        return (_falseEasting + (radius * sine), _falseNorthing + _originRadius - (radius * cosine));
    }

    public override (double Longitude, double Latitude) Inverse(double x, double y)
    {
        var sign = Math.Sign(_cone);
        var (east, down) = (sign * (x - _falseEasting), sign * (_originRadius - (y - _falseNorthing)));
        var radius = Math.Sqrt((east * east) + (down * down)) * _cone / _ellipsoid.A;
        var part = (_constant - (radius * radius)) / _cone / _hemisphere;
        var longitude = Math.Atan2(east, down) / _cone / Radian;
        return Math.Abs(part) <= 1 + 1e-12 && Math.Abs(longitude) <= 180 + 1e-9
            ? (Around(_meridian + longitude), _ellipsoid.FromAuthalic(Math.Asin(Math.Clamp(part, -1, 1))) / Radian)
            : Nowhere;
    }

    private double Radius(double latitude) => _ellipsoid.A * Math.Sqrt(Math.Max(0, _constant - (_cone * _ellipsoid.Area(latitude * Radian)))) / _cone;
}
