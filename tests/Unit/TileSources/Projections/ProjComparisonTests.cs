using System.Globalization;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.TileSources.Projections;

/// <summary>Our coordinates against PROJ's, by GDAL's <c>gdaltransform</c>.</summary>
public sealed class ProjComparisonTests
{
    // Code, then the longitudes and latitudes between which points are compared.
    [ProjTheory]
    [InlineData("EPSG:3857", -179.9, -85, 179.9, 85)]
    [InlineData("EPSG:3395", -179.9, -85, 179.9, 85)]
    [InlineData("EPSG:4087", -179.9, -89, 179.9, 89)]
    [InlineData("EPSG:3035", -30, 25, 60, 85)]
    [InlineData("EPSG:3034", -30, 25, 60, 80)]
    [InlineData("EPSG:3978", -170, 30, -40, 89)]
    [InlineData("EPSG:3979", -170, 30, -40, 89)]
    [InlineData("EPSG:3347", -140, 40, -50, 80)]
    [InlineData("EPSG:5041", -179.9, 0, 179.9, 89.99)]
    [InlineData("EPSG:5042", -179.9, -89.99, 179.9, 0)]
    [InlineData("EPSG:32661", -179.9, 30, 179.9, 89.99)]
    [InlineData("EPSG:3031", -179.9, -89.9, 179.9, -40)]
    [InlineData("EPSG:3976", -179.9, -89.9, 179.9, -40)]
    [InlineData("EPSG:3413", -179.9, 40, 179.9, 89.9)]
    [InlineData("EPSG:3995", -179.9, 40, 179.9, 89.9)]
    [InlineData("EPSG:3571", -179.9, 40, 179.9, 89.9)]
    [InlineData("EPSG:3573", -179.9, 40, 179.9, 89.9)]
    [InlineData("EPSG:3575", -179.9, 40, 179.9, 89.9)]
    [InlineData("EPSG:6931", -179.9, 0, 179.9, 89.9)]
    [InlineData("EPSG:6932", -179.9, -89.9, 179.9, 0)]
    [InlineData("EPSG:32601", -185, -10, -170, 84)]
    [InlineData("EPSG:32631", -20, -80, 25, 84)]
    [InlineData("EPSG:32660", 165, -10, 179.9, 84)]
    [InlineData("EPSG:32733", 0, -80, 30, 10)]
    [InlineData("EPSG:25832", 0, 30, 20, 80)]
    [InlineData("EPSG:26915", -100, 20, -85, 60)]
    [InlineData("EPSG:31983", -50, -40, -40, 5)]
    [InlineData("EPSG:28355", 140, -45, 155, -10)]
    [InlineData("EPSG:7855", 140, -45, 155, -10)]
    [InlineData("EPSG:4507", 100, 15, 110, 50)]
    [InlineData("EPSG:4526", 112, 15, 116, 50)]
    [InlineData("EPSG:4547", 112, 15, 116, 50)]
    [InlineData("EPSG:4496", 100, 15, 110, 50)]
    [InlineData("EPSG:2154", -8, 38, 15, 55)]
    [InlineData("EPSG:2180", 12, 48, 26, 56)]
    [InlineData("EPSG:3006", 8, 54, 26, 70)]
    [InlineData("EPSG:3067", 18, 58, 34, 71)]
    [InlineData("EPSG:3763", -11, 36, -5, 43)]
    [InlineData("EPSG:5110", 8, 56, 14, 70)]
    [InlineData("EPSG:5070", -130, 22, -65, 50)]
    [InlineData("EPSG:3005", -140, 45, -112, 62)]
    [InlineData("EPSG:3577", 110, -45, 155, -8)]
    [InlineData("EPSG:2193", 165, -48, 179, -33)]
    public void Coordinates_are_those_of_PROJ(string code, double west, double south, double east, double north)
    {
        // Newer PROJ moves some datums by up to two metres that we, as the older ones, take for the same.
        var points = Points(west, south, east, north);
        Crs.TryParse(code, out var crs).ShouldBeTrue();
        var transforms = new CoordinateTransforms();

        var ours = (double[])points.Clone();
        transforms.Between(Crs.Crs84, crs!.Value)!.Apply(ours);
        var theirs = Proj.Transform(code is "EPSG:3979" ? "EPSG:4617" : "EPSG:4326", code, points);
        Farthest(ours, theirs).ShouldBeLessThan(0.01, "metres");

        transforms.Between(crs.Value, Crs.Crs84)!.Apply(theirs);
        for (var i = 0; i < points.Length; i += 2)
        {
            Math.IEEERemainder(theirs[i] - points[i], 360).ShouldBe(0, 1e-6);
            theirs[i + 1].ShouldBe(points[i + 1], 1e-6);
        }
    }

    // What the built-in list does not have: WKT as GDAL writes it, of projections of ours and of ProjNET's, in feet, from Paris.
    [ProjTheory]
    [InlineData("EPSG:2263", -75, 40, -72, 42)] // Lambert, two parallels, feet
    [InlineData("EPSG:3310", -124, 32, -114, 42)] // Albers
    [InlineData("EPSG:2927", -124, 45, -117, 49)] // Lambert in feet
    [InlineData("EPSG:3413", -179.9, 60, 179.9, 89.9)]
    [InlineData("EPSG:3832", 110, -60, 179.9, 60)] // Mercator of the Pacific
    [InlineData("EPSG:6875", 7, 36, 18, 47)] // transverse Mercator
    [InlineData("EPSG:5514", 12, 47.5, 23, 51.5)] // Krovak, ProjNET's
    [InlineData("EPSG:28992", 3, 50.5, 7.5, 53.7)] // double stereographic, ProjNET's
    [InlineData("EPSG:2056", 5.9, 45.8, 10.5, 47.9)] // oblique Mercator, ProjNET's
    [InlineData("EPSG:27572", -4, 44, 8, 50)] // Lambert of Paris's meridian, in grads
    [InlineData("EPSG:31467", 6, 47, 13, 55)] // Gauß-Krüger, northing first
    [InlineData("EPSG:29873", 109, 0, 119, 7)] // rectified skew orthomorphic, ProjNET's
    public void Definitions_mean_what_they_mean_to_PROJ(string code, double west, double south, double east, double north)
    {
        var wkt = Proj.Definition(code);
        var definition = WktDefinition.Read(wkt).ShouldNotBeNull();
        // The projection alone: PROJ knows datums that the text does not.
        var projection = (definition with { Shift = null }).Projection.ShouldNotBeNull();
        var points = Points(west, south, east, north);

        var theirs = Proj.Transform(Proj.Geographic(wkt), code, points);
        for (var i = 0; i < points.Length; i += 2)
        {
            var (x, y) = projection.Forward(points[i], points[i + 1]);
            Math.Max(Math.Abs(x - theirs[i]), Math.Abs(y - theirs[i + 1])).ShouldBeLessThan(0.01, $"{code} at {points[i]} {points[i + 1]}: {x} {y}, PROJ {theirs[i]} {theirs[i + 1]}");
            var (longitude, latitude) = projection.Inverse(theirs[i], theirs[i + 1]);
            longitude.ShouldBe(points[i], 1e-6);
            latitude.ShouldBe(points[i + 1], 1e-6);
        }
    }

    [ProjTheory]
    [InlineData(4326, 446.448, -125.157, 542.06, 0.15, 0.247, 0.842, -20.489, -5, 50, 1, 59)]
    public void Shifts_of_datum_are_those_of_PROJ(int to, double dx, double dy, double dz, double rx, double ry, double rz, double scale, double west, double south, double east, double north)
    {
        string[] numbers = [.. new[] { dx, dy, dz, rx, ry, rz, scale }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        var points = Points(west, south, east, north);
        var theirs = Proj.Transform($"+proj=longlat +ellps=airy +towgs84={string.Join(',', numbers)} +no_defs", $"EPSG:{to}", points);
        var shift = new DatumShift(new Ellipsoid(6377563.396, 299.3249646), dx, dy, dz, rx, ry, rz, scale);

        for (var i = 0; i < points.Length; i += 2)
        {
            var (longitude, latitude) = shift.ToWgs84(points[i], points[i + 1]);
            longitude.ShouldBe(theirs[i], 1e-8);
            latitude.ShouldBe(theirs[i + 1], 1e-8);
            (longitude, latitude) = shift.FromWgs84(longitude, latitude);
            longitude.ShouldBe(points[i], 1e-7);
            latitude.ShouldBe(points[i + 1], 1e-7);
        }
    }

    private static double[] Points(double west, double south, double east, double north) =>
    [
        .. from i in Enumerable.Range(0, 12)
           from j in Enumerable.Range(0, 12)
           from value in (double[])[west + ((east - west) * i / 11), south + ((north - south) * j / 11)]
           select value,
    ];

    private static double Farthest(double[] ours, double[] theirs) => ours.Zip(theirs, (a, b) => double.IsNaN(a) ? double.PositiveInfinity : Math.Abs(a - b)).Max();
}

/// <summary>A test that asks PROJ; skipped, with the reason, where its tools are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProjTheoryAttribute : TheoryAttribute
{
    public ProjTheoryAttribute()
    {
        if (!Proj.IsInstalled)
        {
            Skip = "GDAL's gdaltransform and gdalsrsinfo are not installed";
        }
    }
}
