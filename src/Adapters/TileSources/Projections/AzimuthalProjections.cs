using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>The stereographic projection from a pole (EPSG methods 9810 and 9829; IOGP 373-7-2, 3.2.4).</summary>
internal sealed class PolarStereographicProjection : Projection
{
    private readonly Ellipsoid _ellipsoid;
    private readonly bool _north;
    private readonly double _meridian;
    private readonly double _falseEasting;
    private readonly double _falseNorthing;
    private readonly double _factor;

    /// <param name="meridian">That points down on the northern plane and up on the southern; degrees.</param>
    /// <param name="factor">Metres: the radius of the parallel whose isometric latitude is 0.</param>
    private PolarStereographicProjection(Ellipsoid ellipsoid, bool north, double meridian, double factor, double falseEasting, double falseNorthing) =>
        (_ellipsoid, _north, _meridian, _factor, _falseEasting, _falseNorthing) = (ellipsoid, north, meridian, factor, falseEasting, falseNorthing);

    public override (double South, double North) Latitudes => _north ? (-80, 90) : (-90, 80);

    /// <summary>By the scale at the pole (variant A).</summary>
    public static PolarStereographicProjection OfScale(Ellipsoid ellipsoid, bool north, double meridian, double scale, double falseEasting, double falseNorthing)
    {
        var e = ellipsoid.E;
        return new(ellipsoid, north, meridian, 2 * ellipsoid.A * scale / Math.Sqrt(Math.Pow(1 + e, 1 + e) * Math.Pow(1 - e, 1 - e)), falseEasting, falseNorthing);
    }

    /// <summary>By the parallel that has its true length (variant B).</summary>
    public static PolarStereographicProjection OfParallel(Ellipsoid ellipsoid, double parallel, double meridian, double falseEasting, double falseNorthing)
    {
        var latitude = Math.Abs(parallel) * Radian;
        return latitude >= Math.PI / 2
            ? OfScale(ellipsoid, parallel > 0, meridian, 1, falseEasting, falseNorthing)
            : new(ellipsoid, parallel > 0, meridian, ellipsoid.A * ellipsoid.Parallel(latitude) * Math.Exp(ellipsoid.Isometric(latitude)), falseEasting, falseNorthing);
    }

    public override (double X, double Y) Forward(double longitude, double latitude)
    {
        var up = _north ? latitude : -latitude;
        if (!(up is > -90 and <= 90))
        {
            return Nowhere;
        }

        var radius = up == 90 ? 0 : _factor * Math.Exp(-_ellipsoid.Isometric(up * Radian));
        var (sine, cosine) = Math.SinCos((longitude - _meridian) * Radian);
        return (_falseEasting + (radius * sine), _falseNorthing + (_north ? -radius * cosine : radius * cosine));
    }

    public override (double Longitude, double Latitude) Inverse(double x, double y)
    {
        var (east, down) = (x - _falseEasting, _north ? _falseNorthing - y : y - _falseNorthing);
        var radius = Math.Sqrt((east * east) + (down * down));
        var up = radius == 0 ? 90 : _ellipsoid.FromIsometric(-Math.Log(radius / _factor)) / Radian;
        return (radius == 0 ? _meridian : Around(_meridian + (Math.Atan2(east, down) / Radian)), _north ? up : -up);
    }
}

/// <summary>Lambert's azimuthal projection of equal areas (EPSG method 9820; IOGP 373-7-2, 3.2.2).</summary>
internal sealed class LambertAzimuthalProjection : Projection
{
    private readonly Ellipsoid _ellipsoid;
    private readonly double _meridian;
    private readonly double _latitude;
    private readonly double _falseEasting;
    private readonly double _falseNorthing;
    private readonly double _pole;
    private readonly double _hemisphere;
    private readonly double _radius;
    private readonly double _stretch;
    private readonly double _sine;
    private readonly double _cosine;

    /// <param name="meridian">Degrees, as the latitude of origin.</param>
    /// <param name="falseEasting">Metres, as the northing.</param>
    public LambertAzimuthalProjection(Ellipsoid ellipsoid, double meridian, double latitude, double falseEasting, double falseNorthing)
    {
        (_ellipsoid, _meridian, _latitude, _falseEasting, _falseNorthing) = (ellipsoid, meridian, latitude, falseEasting, falseNorthing);
        _pole = Math.Abs(latitude) >= 90 - 1e-10 ? Math.Sign(latitude) : 0;
        _hemisphere = ellipsoid.Area(Math.PI / 2);
        _radius = ellipsoid.A * Math.Sqrt(_hemisphere / 2);
        var origin = latitude * Radian;
        (_sine, _cosine) = Math.SinCos(Math.Asin(Math.Clamp(ellipsoid.Area(origin) / _hemisphere, -1, 1)));
        _stretch = _pole == 0 ? ellipsoid.A * ellipsoid.Parallel(origin) / (_radius * _cosine) : 1;
        var (x, y) = (2 * _radius * _stretch, 2 * _radius / _stretch);
        Plane = new Extent(falseEasting - x, falseNorthing - y, falseEasting + x, falseNorthing + y);
    }

    /// <summary>From a pole, the other one is the rim: it has no place, and what is a tenth of a millimetre before it has one.</summary>
    public override (double South, double North) Latitudes => _pole switch
    {
        > 0 => (-90 + 1e-9, 90),
        < 0 => (-90, 90 - 1e-9),
        _ => (-90, 90),
    };

    public override Extent Plane { get; }

    public override (double Longitude, double Latitude)? Opposite => _pole == 0 ? (Around(_meridian + 180), -_latitude) : null;

    public override (double X, double Y) Forward(double longitude, double latitude)
    {
        if (!(Math.Abs(latitude) <= 90))
        {
            return Nowhere;
        }

        var (sine, cosine) = Math.SinCos((longitude - _meridian) * Radian);
        if (_pole != 0)
        {
            var distance = latitude == 90 * _pole ? 0 : _ellipsoid.A * Math.Sqrt(Math.Max(0, _hemisphere - (_pole * _ellipsoid.Area(latitude * Radian))));
            return latitude == -90 * _pole ? Nowhere : (_falseEasting + (distance * sine), _falseNorthing - (_pole * distance * cosine));
        }

        var up = Math.Clamp(_ellipsoid.Area(latitude * Radian) / _hemisphere, -1, 1);
        var across = Math.Sqrt(1 - (up * up));
        // Half of the square of the way from the opposite place, through the earth; beside that place 1 and a cosine would leave no digits of it.
        var (ahead, aside, above) = (_cosine + (across * cosine), across * sine, _sine + up);
        var far = ((ahead * ahead) + (aside * aside) + (above * above)) / 2;
        if (far < 1e-12)
        {
            return Nowhere;
        }

        var (east, north) = (across * sine, (_cosine * up) - (_sine * across * cosine));
        var length = _radius * (far > 0.5 ? Math.Sqrt(2 / far) : 2 * Math.Sqrt((1 - (far / 2)) / ((east * east) + (north * north))));
        return (_falseEasting + (length * _stretch * east), _falseNorthing + (length / _stretch * north));
    }

    public override (double Longitude, double Latitude) Inverse(double x, double y)
    {
        var (east, north) = ((x - _falseEasting) / _stretch, (y - _falseNorthing) * _stretch);
        var distance = Math.Sqrt((east * east) + (north * north));
        var half = distance / (2 * _radius);
        if (!(half <= 1))
        {
            return Nowhere;
        }

        var angle = 2 * Math.Asin(half);
        if (_pole != 0)
        {
            var latitude = _pole * _ellipsoid.FromAuthalic((Math.PI / 2) - angle) / Radian;
            return (distance == 0 ? _meridian : Around(_meridian + (Math.Atan2(east, -_pole * north) / Radian)), latitude);
        }

        if (distance == 0)
        {
            return (_meridian, _ellipsoid.FromAuthalic(Math.Asin(_sine)) / Radian);
        }

        var (sine, cosine) = Math.SinCos(angle);
        var authalic = Math.Asin(Math.Clamp((cosine * _sine) + (north * sine * _cosine / distance), -1, 1));
        var longitude = Math.Atan2(east * sine, (distance * _cosine * cosine) - (north * _sine * sine));
        return (Around(_meridian + (longitude / Radian)), _ellipsoid.FromAuthalic(authalic) / Radian);
    }
}
