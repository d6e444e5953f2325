using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>From longitude and latitude on an ellipsoid to a plane, and back. Immutable; may be used by many at once.</summary>
internal abstract class Projection
{
    private protected const double Radian = Math.PI / 180;

    /// <param name="longitude">Degrees, from Greenwich.</param>
    /// <param name="latitude">Degrees.</param>
    /// <returns>In the units of the CRS; NaN where the plane has no place for it.</returns>
    public abstract (double X, double Y) Forward(double longitude, double latitude);

    /// <returns>Degrees, the longitude from Greenwich; NaN where no place is.</returns>
    public abstract (double Longitude, double Latitude) Inverse(double x, double y);

    /// <summary>Between which latitudes it is used, degrees: beyond, its plane is a stretch without use or an end.</summary>
    public virtual (double South, double North) Latitudes => (-90, 90);

    /// <summary>How far from its meridian it is used, degrees; <see langword="null"/> all around.</summary>
    public virtual (double Meridian, double Reach)? Longitudes => null;

    /// <summary>Of the plane: beyond it no place is.</summary>
    public virtual Extent Plane => new(double.NegativeInfinity, double.NegativeInfinity, double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>The place that is no point of the plane but all its rim; <see langword="null"/> where there is none, or it is where <see cref="Latitudes"/> end.</summary>
    public virtual (double Longitude, double Latitude)? Opposite => null;

    /// <summary>Whether x is longitude and y is latitude, each stretched: rectangles stay rectangles.</summary>
    public virtual bool IsCylindrical => false;

    /// <summary>Whether far places may lie over near ones: what becomes of an area is then not bounded by what becomes of its edges.</summary>
    public virtual bool MayFold => false;

    /// <summary>Of the plane.</summary>
    public virtual double MetresPerUnit => 1;

    /// <summary>How far a cone reaches that is cut open opposite of its meridian: to what is surely on one side of the cut.</summary>
    private protected const double BesideOpposite = 180 - 1e-10;

    private protected static (double, double) Nowhere => (double.NaN, double.NaN);

    /// <summary>Into -180 to 180 degrees, where it is not far outside already.</summary>
    private protected static double Around(double longitude) =>
        longitude is >= -180 and <= 180 ? longitude : longitude - (360 * Math.Floor((longitude + 180) / 360));
}

/// <summary>Web Mercator (EPSG method 1024): the latitude of the ellipsoid taken for that of a sphere.</summary>
internal sealed class WebMercatorProjection : Projection
{
    /// <summary>Where y is half of the circumference: the world is a square.</summary>
    public const double Edge = 85.051128779806589;

    private const double Radius = 6378137;

    public override (double South, double North) Latitudes => (-Edge, Edge);

    public override bool IsCylindrical => true;

    public override (double X, double Y) Forward(double longitude, double latitude) => Math.Abs(latitude) < 90
        ? (Radius * Radian * longitude, Radius * Math.Asinh(Math.Tan(latitude * Radian)))
        : Nowhere;

    public override (double Longitude, double Latitude) Inverse(double x, double y) => (x / (Radius * Radian), Math.Atan(Math.Sinh(y / Radius)) / Radian);
}

/// <summary>Mercator's projection of an ellipsoid, one parallel (EPSG methods 9804, 9805).</summary>
internal sealed class MercatorProjection(Ellipsoid ellipsoid, double meridian, double scale, double falseEasting, double falseNorthing) : Projection
{
    private readonly double _radius = ellipsoid.A * scale;
    private readonly double _edge = ellipsoid.FromIsometric(Math.PI) / Radian;

    public override (double South, double North) Latitudes => (-_edge, _edge);

    public override bool IsCylindrical => true;

    public override (double X, double Y) Forward(double longitude, double latitude) => Math.Abs(latitude) < 90
        ? (falseEasting + (_radius * Radian * (longitude - meridian)), falseNorthing + (_radius * ellipsoid.Isometric(latitude * Radian)))
        : Nowhere;

    public override (double Longitude, double Latitude) Inverse(double x, double y) =>
        (meridian + ((x - falseEasting) / (_radius * Radian)), ellipsoid.FromIsometric((y - falseNorthing) / _radius) / Radian);
}

/// <summary>Plate carrée in metres (EPSG method 1028): EPSG:4087 and its like.</summary>
internal sealed class EquidistantProjection(double radius) : Projection
{
    public override bool IsCylindrical => true;

    public override (double X, double Y) Forward(double longitude, double latitude) =>
        Math.Abs(latitude) <= 90 ? (radius * Radian * longitude, radius * Radian * latitude) : Nowhere;

    public override (double Longitude, double Latitude) Inverse(double x, double y)
    {
        var latitude = y / (radius * Radian);
        return Math.Abs(latitude) <= 90 ? (x / (radius * Radian), latitude) : Nowhere;
    }
}
