using FsCheck;
using FsCheck.Fluent;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.TileSources.Projections;

public sealed class BentExtentTests
{
    private readonly CoordinateTransforms _transforms = new();

    public static TheoryData<string> Everywhere => ["3857", "3395", "4087", "3035", "3575", "6932", "3978", "5070", "3577", "2154", "5041", "3031", "32601", "32632", "32733"];

    /// <summary>
    /// A place, and how wide and high what is drawn around it is, degrees, and where in it the place is, tenths. Half of the places are where planes end: poles, 180
    /// degrees, where cones are cut open, what is opposite of a centre, and to where a zone is used. By chance alone such are drawn once in thousands.
    /// </summary>
    private static Gen<((double Longitude, double Latitude) Place, (double Width, double Height) Size, (int X, int Y) Tenths)> Drawn { get; } =
        from longitude in Gen.OneOf(Gen.Choose(-1800, 1800).Select(tenths => tenths / 10d), Gen.Elements<double>(-180, 180, -177, -170, -137, -48, 49, 84, 85))
        from latitude in Gen.OneOf(Gen.Choose(-899, 899).Select(tenths => tenths / 10d), Gen.Elements<double>(-90, -80, -52, 0, 52, 80, 90))
        from width in Gen.Elements(0.01, 1, 9, 60, 360)
        from height in Gen.Elements(0.01, 1, 9, 60, 180)
        from x in Gen.Choose(1, 9)
        from y in Gen.Choose(1, 9)
        select ((longitude, latitude), (width, height), (x, y));

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Every_point_of_an_extent_lies_in_the_extent_of_the_other_CRS(string code) => Prop.ForAll(Drawn.ToArbitrary(), drawn =>
    {
        var ((longitude, latitude), (width, height), (x, y)) = drawn;
        var (west, south) = (longitude - (width * x / 10), latitude - (height * y / 10));
        Holds(new Extent(west, Math.Max(-90, south), west + width, Math.Min(90, south + height)), Crs.Crs84, new Crs("EPSG", code));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Every_point_of_a_plane_lies_in_its_degrees(string code) => Prop.ForAll(Drawn.ToArbitrary(), drawn =>
    {
        double[] place = [drawn.Place.Longitude, drawn.Place.Latitude];
        var crs = new Crs("EPSG", code);
        _transforms.Between(Crs.Crs84, crs)!.Apply(place);
        if (double.IsNaN(place[0]))
        {
            return;
        }

        // About as high as wide, as windows are: of a thin one, the part that is on the plane may be shorter than what lines are first cut into.
        var width = drawn.Size.Width * CrsDefinition.MetresPerDegree;
        var height = width * drawn.Tenths.X / 5;
        var (west, south) = (place[0] - (width * drawn.Tenths.X / 10), place[1] - (height * drawn.Tenths.Y / 10));
        Holds(new Extent(west, south, west + width, south + height), crs, Crs.Crs84);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_cone_that_was_cut_open_is_reached_on_both_sides_of_the_cut()
    {
        var crs = new Crs("EPSG", "3978");
        var found = _transforms.Extent(new Extent(82, -62, 87, -61), Crs.Crs84, crs)!.Value;
        double[] sides = [85, -62, -275, -62];
        _transforms.Between(Crs.Crs84, crs)!.Apply(sides);
        sides[0].ShouldBe(-sides[2], 1);
        sides[1].ShouldBe(found.MaxY, 100);
        sides[1].ShouldBeLessThanOrEqualTo(found.MaxY);
        sides[3].ShouldBeLessThanOrEqualTo(found.MaxY);
    }

    [Fact]
    public void With_what_is_opposite_of_its_centre_an_area_is_all_of_the_plane()
    {
        var rim = new LambertAzimuthalProjection(Ellipsoid.Grs80, 10, 52, 4321000, 3210000).Plane;
        foreach (var extent in (Extent[])[new(-171, -53, -169, -51), new(189.5, -53, 190.5, -51), Extent.World])
        {
            var found = _transforms.Extent(extent, Crs.Crs84, new Crs("EPSG", "3035"))!.Value;
            found.Contains(rim).ShouldBeTrue();
            rim.Grow(200).Contains(found).ShouldBeTrue();
        }

        _transforms.Extent(new Extent(-170, -53, -169, -52.1), Crs.Crs84, new Crs("EPSG", "3035"))!.Value.Width.ShouldBeLessThan(0.6 * rim.Width);
    }

    [Fact]
    public void An_extreme_is_found_wherever_it_is_on_an_edge()
    {
        // A parallel is a circle around the pole, whose outermost points are a quarter apart from -100 degrees on.
        double[] circle = [-10, 66];
        var crs = new Crs("EPSG", "3573");
        _transforms.Between(Crs.Crs84, crs)!.Apply(circle);
        foreach (var west in (double[])[-180, -173.3, -11.7])
        {
            var found = _transforms.Extent(new Extent(west, 66, west + 360, 80), Crs.Crs84, crs)!.Value;
            found.MaxX.ShouldBeInRange(circle[0], circle[0] + 30);
            found.MinX.ShouldBeInRange(-circle[0] - 30, -circle[0]);
            found.MaxY.ShouldBeInRange(circle[0], circle[0] + 30);
            found.MinY.ShouldBeInRange(-circle[0] - 30, -circle[0]);
        }
    }

    [Fact]
    public void A_plane_that_ends_at_the_poles_is_cut_off_there()
    {
        var crs = new Crs("EPSG", "4087");
        _transforms.Extent(new Extent(-1e7, -1.1e7, 1e7, 1.1e7), crs, Crs.Crs84)!.Value.ShouldSatisfyAllConditions(
            degrees => (degrees.MinY, degrees.MaxY).ShouldBe((-90, 90)),
            degrees => degrees.MaxX.ShouldBe(89.83, 0.01));
        _transforms.Extent(new Extent(0, 9e6, 1e6, 1.1e7), crs, Crs.WebMercator)!.Value.MaxY.ShouldBe(20037508.34, 0.01);
    }

    [Fact]
    public void Another_datum_bends_edges_and_reaches_over_180_degrees()
    {
        var crs = new Crs("EPSG", "99997");
        var transforms = new CoordinateTransforms(new Dictionary<Crs, string>
        {
            [crs] = """GEOGCS["x",DATUM["x",SPHEROID["Bessel 1841",6377397.155,299.1528128],TOWGS84[565.4,50.3,465.6,-0.4,0.35,-1.9,4.1]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]""",
        });
        foreach (var extent in (Extent[])[new(0, 40, 60, 60), new(170, -20, 180, 20), new(-180, -90, 180, 90)])
        {
            Holds(extent, crs, Crs.Crs84, transforms);
            Holds(extent, Crs.Crs84, crs, transforms);
            Holds(extent, crs, Crs.WebMercator, transforms);
        }
    }

    private void Holds(in Extent extent, Crs from, Crs to) => Holds(extent, from, to, _transforms);

    /// <summary>Asks for a grid of points, edges and corners with it, without those beyond the use of the plane, which are cut off.</summary>
    private static void Holds(in Extent extent, Crs from, Crs to, CoordinateTransforms transforms)
    {
        var (found, transform, toDegrees) = (transforms.Extent(extent, from, to)!.Value, transforms.Between(from, to)!, transforms.Between(from, Crs.Crs84)!);
        var plane = KnownCrs.Find(to) ?? CrsDefinition.Degrees;
        double[] degrees = [0, 0];
        double[] place = [0, 0];
        for (var i = 0; i <= 10; i++)
        {
            for (var j = 0; j <= 10; j++)
            {
                (degrees[0], degrees[1]) = (place[0], place[1]) = (Math.Min(extent.MaxX, extent.MinX + (extent.Width * i / 10)), Math.Min(extent.MaxY, extent.MinY + (extent.Height * j / 10)));
                toDegrees.Apply(degrees);
                transform.Apply(place);
                if (!double.IsNaN(place[0]) && IsUsed(plane, degrees[0], degrees[1]) && !IsIn(found, place[0], place[1], plane))
                {
                    Assert.Fail($"{from} {extent} is {to} {found}, without its point {i}, {j}: {degrees[0]} {degrees[1]} degrees, {place[0]} {place[1]}");
                }
            }
        }
    }

    private static bool IsUsed(CrsDefinition plane, double longitude, double latitude) =>
        latitude >= plane.Latitudes.South && latitude <= plane.Latitudes.North
        && !(plane.Projection?.Longitudes is var (meridian, reach) && Math.Abs(Math.IEEERemainder(longitude - meridian, 360)) > reach);

    /// <summary>A place on 180 degrees is one on -180 degrees.</summary>
    private static bool IsIn(in Extent found, double x, double y, CrsDefinition plane) =>
        found.Contains(new Extent(x, y, x, y)) || (plane.Projection is null && Math.Abs(x) == 180 && found.Contains(new Extent(-x, y, -x, y)));
}
