using GeoWps.Domain.Spatial;
using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Transformations;

namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>
/// Reads what WKT 1 says of a CRS (OGC 01-009), as GeoPackages and files beside Shapefiles have it. The usual projections are this server's own; the rest is ProjNET's.
/// </summary>
internal static class WktDefinition
{
    private const int MaxLength = 100_000;

    /// <returns><see langword="null"/> when it is none that can be read.</returns>
    public static CrsDefinition? Read(string wkt)
    {
        if (wkt.Length > MaxLength)
        {
            return null;
        }

        try
        {
            return new CoordinateSystemFactory().CreateFromWkt(wkt) switch
            {
                GeographicCoordinateSystem geographic => Geographic(geographic),
                ProjectedCoordinateSystem projected => Projected(projected),
                _ => null,
            };
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or NotSupportedException or NotImplementedException or InvalidOperationException
            or OverflowException or KeyNotFoundException or IndexOutOfRangeException or InvalidCastException or NullReferenceException)
        {
            // What a parser makes of texts that it does not know.
            return null;
        }
    }

    private static CrsDefinition? Geographic(GeographicCoordinateSystem system)
    {
        var degrees = system.AngularUnit.RadiansPerUnit * 180 / Math.PI;
        var plain = Math.Abs(degrees - 1) < 1e-9 && Greenwich(system) == 0;
        return new CrsDefinition(plain ? null : new MeridianProjection(degrees, Greenwich(system)), Shift(system)) { IsPlaced = IsPlaced(system.HorizontalDatum) };
    }

    private static CrsDefinition? Projected(ProjectedCoordinateSystem system)
    {
        var geographic = system.GeographicCoordinateSystem;
        var (unit, greenwich, angle) = (system.LinearUnit.MetersPerUnit, Greenwich(geographic), geographic.AngularUnit.RadiansPerUnit * 180 / Math.PI);
        var projection = Own(system, unit, greenwich, angle) is { } own
            ? Math.Abs(unit - 1) < 1e-12 ? own : new ScaledProjection(own, unit)
            : new ForeignProjection(system, greenwich);
        return projection is WebMercatorProjection
            ? new CrsDefinition(projection)
            : new CrsDefinition(projection, Shift(geographic)) { IsPlaced = IsPlaced(geographic.HorizontalDatum) };
    }

    private static Projection? Own(ProjectedCoordinateSystem system, double unit, double greenwich, double angle)
    {
        var ellipsoid = Figure(system.HorizontalDatum);
        var meridian = greenwich + (angle * Parameter("central_meridian", "longitude_of_center", "longitude_of_origin", "longitude_of_natural_origin"));
        var latitude = angle * Parameter("latitude_of_origin", "latitude_of_center", "latitude_of_natural_origin");
        var (parallel1, parallel2) = (angle * Parameter("standard_parallel_1", "latitude_of_1st_standard_parallel"), angle * Parameter("standard_parallel_2"));
        var scale = Find("scale_factor", "scale_factor_at_natural_origin") ?? 1;
        var (east, north) = (unit * Parameter("false_easting"), unit * Parameter("false_northing"));
        return system.Projection.ClassName.ToLowerInvariant().Replace(' ', '_') switch
        {
            // What the world calls Web Mercator has a Mercator_1SP with an extension that says so.
            "mercator_1sp" or "mercator_auxiliary_sphere" or "popular_visualisation_pseudo_mercator" when IsWeb(system) => new WebMercatorProjection(),
            "mercator_1sp" or "mercator" => new MercatorProjection(ellipsoid, meridian, scale, east, north),
            "mercator_2sp" => new MercatorProjection(ellipsoid, meridian, ellipsoid.Parallel(parallel1 * Math.PI / 180), east, north),
            "transverse_mercator" or "gauss_kruger" => new TransverseMercatorProjection(ellipsoid, meridian, latitude, scale, east, north),
            "lambert_conformal_conic_1sp" => new LambertConicProjection(ellipsoid, meridian, latitude, latitude, latitude, scale, east, north),
            "lambert_conformal_conic" or "lambert_conformal_conic_2sp" => new LambertConicProjection(ellipsoid, meridian, latitude, parallel1, parallel2, 1, east, north),
            "lambert_azimuthal_equal_area" => new LambertAzimuthalProjection(ellipsoid, meridian, latitude, east, north),
            "albers" or "albers_conic_equal_area" => new AlbersProjection(ellipsoid, meridian, latitude, parallel1, parallel2, east, north),
            // WKT 1 gives the parallel of variant B by the same name as the pole of variant A.
            "polar_stereographic" when Math.Abs(latitude) >= 90 => PolarStereographicProjection.OfScale(ellipsoid, latitude > 0, meridian, scale, east, north),
            "polar_stereographic" => PolarStereographicProjection.OfParallel(ellipsoid, latitude, meridian, east, north),
            _ => null,
        };

        double Parameter(params ReadOnlySpan<string> names) => Find(names) ?? 0;

        double? Find(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (system.Projection.GetParameter(name) is { } parameter)
                {
                    return parameter.Value;
                }
            }

            return null;
        }
    }

    private static bool IsWeb(ProjectedCoordinateSystem system) =>
        system.AuthorityCode is 3857 or 900913 or 3785 or 102100
        || system.Name.Contains("Pseudo-Mercator", StringComparison.OrdinalIgnoreCase) || system.Name.Contains("Auxiliary_Sphere", StringComparison.OrdinalIgnoreCase);

    private static Ellipsoid Figure(HorizontalDatum datum) =>
        new(datum.Ellipsoid.SemiMajorAxis * datum.Ellipsoid.AxisUnit.MetersPerUnit, double.IsFinite(datum.Ellipsoid.InverseFlattening) ? datum.Ellipsoid.InverseFlattening : 0);

    private static double Greenwich(GeographicCoordinateSystem system) =>
        system.PrimeMeridian is { } meridian ? meridian.Longitude * meridian.AngularUnit.RadiansPerUnit * 180 / Math.PI : 0;

    /// <summary>The figures of WGS 84 and GRS 80, which all but differ in name, are those of its kin: ETRS89, NAD83, GDA94, CGCS2000, ….</summary>
    private static bool IsPlaced(HorizontalDatum datum)
    {
        var (figure, wgs) = (Figure(datum), Ellipsoid.Wgs84);
        return datum.Wgs84Parameters is not null || (Math.Abs(figure.A - wgs.A) < 0.5 && Math.Abs(figure.E2 - wgs.E2) < 1e-9);
    }

    private static DatumShift? Shift(GeographicCoordinateSystem system)
    {
        var datum = system.HorizontalDatum;
        return datum.Wgs84Parameters is { HasZeroValuesOnly: false } shift
            ? new DatumShift(Figure(datum), shift.Dx, shift.Dy, shift.Dz, shift.Ex, shift.Ey, shift.Ez, shift.Ppm)
            : null;
    }

    /// <summary>Angles in another unit, or from another meridian than Greenwich's.</summary>
    private sealed class MeridianProjection(double degrees, double greenwich) : Projection
    {
        public override bool IsCylindrical => true;

        public override double MetresPerUnit => degrees * CrsDefinition.MetresPerDegree;

        public override (double X, double Y) Forward(double longitude, double latitude) => ((longitude - greenwich) / degrees, latitude / degrees);

        public override (double Longitude, double Latitude) Inverse(double x, double y) => ((x * degrees) + greenwich, y * degrees);
    }

    /// <summary>Feet, and what else is not metres.</summary>
    private sealed class ScaledProjection(Projection metres, double unit) : Projection
    {
        public override (double South, double North) Latitudes => metres.Latitudes;

        public override (double Meridian, double Reach)? Longitudes => metres.Longitudes;

        public override Extent Plane
        {
            get
            {
                var (west, south, east, north) = metres.Plane;
                return new Extent(west / unit, south / unit, east / unit, north / unit);
            }
        }

        public override (double Longitude, double Latitude)? Opposite => metres.Opposite;

        public override bool IsCylindrical => metres.IsCylindrical;

        public override double MetresPerUnit => unit;

        public override (double X, double Y) Forward(double longitude, double latitude)
        {
            var (x, y) = metres.Forward(longitude, latitude);
            return (x / unit, y / unit);
        }

        public override (double Longitude, double Latitude) Inverse(double x, double y) => metres.Inverse(x * unit, y * unit);
    }

    /// <summary>One that ProjNET has. Both ways are made at once: its own inversion changes the object.</summary>
    private sealed class ForeignProjection : Projection
    {
        private readonly double _greenwich;
        private readonly MathTransform _forward;
        private readonly MathTransform _inverse;

        public override bool MayFold => true;

        public override double MetresPerUnit { get; }

        public ForeignProjection(ProjectedCoordinateSystem system, double greenwich)
        {
            (_greenwich, MetresPerUnit) = (greenwich, system.LinearUnit.MetersPerUnit);
            var factory = new CoordinateTransformationFactory();
            _forward = factory.CreateFromCoordinateSystems(system.GeographicCoordinateSystem, system).MathTransform;
            _inverse = factory.CreateFromCoordinateSystems(system, system.GeographicCoordinateSystem).MathTransform;
        }

        public override (double X, double Y) Forward(double longitude, double latitude)
        {
            if (!(Math.Abs(latitude) <= 90))
            {
                return Nowhere;
            }

            try
            {
                var (x, y) = (Around(longitude - _greenwich), latitude);
                _forward.Transform(ref x, ref y);
                return double.IsFinite(x) && double.IsFinite(y) ? (x, y) : Nowhere;
            }
            catch (Exception failure) when (failure is ArgumentException or ArithmeticException or InvalidOperationException or ApplicationException)
            {
                return Nowhere;
            }
        }

        public override (double Longitude, double Latitude) Inverse(double x, double y)
        {
            try
            {
                _inverse.Transform(ref x, ref y);
                return double.IsFinite(x) && Math.Abs(y) <= 90 ? (Around(x + _greenwich), y) : Nowhere;
            }
            catch (Exception failure) when (failure is ArgumentException or ArithmeticException or InvalidOperationException or ApplicationException)
            {
                return Nowhere;
            }
        }
    }
}
