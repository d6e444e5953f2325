using FsCheck;
using FsCheck.Fluent;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.TileSources.Projections;

public sealed class CoordinateTransformsTests
{
    private const string Dutch = """GEOGCS["Amersfoort",DATUM["Amersfoort",SPHEROID["Bessel 1841",6377397.155,299.1528128]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]""";

    private readonly CoordinateTransforms _transforms = new();

    public static TheoryData<string> Everywhere => ["3857", "3395", "3035", "3978", "5041", "5042", "32632", "32733", "5070", "3575", "4087", "2154", "4526"];

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void There_and_back_is_the_same_place(string code)
    {
        var (there, back) = (_transforms.Between(Crs.Wgs84, new Crs("EPSG", code))!, _transforms.Between(new Crs("EPSG", code), Crs.Wgs84)!);
        var coordinates = Gen.Choose(-1_800_000, 1_800_000).Zip(Gen.Choose(-899_000, 899_000)).Select(pair => (Longitude: pair.Item1 / 10_000d, Latitude: pair.Item2 / 10_000d));
        Prop.ForAll(coordinates.ToArbitrary(), place =>
        {
            double[] pair = [place.Longitude, place.Latitude];
            there.Apply(pair);
            if (double.IsNaN(pair[0]))
            {
                return double.IsNaN(pair[1]);
            }

            back.Apply(pair);
            return Math.Abs(Math.IEEERemainder(pair[0] - place.Longitude, 360)) * Math.Cos(place.Latitude * Math.PI / 180) < 1e-7 && Math.Abs(pair[1] - place.Latitude) < 1e-7;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_same_degrees_under_different_names_stay_as_they_are()
    {
        double[] pair = [13.4, 52.5];
        foreach (var code in (string[])["4258", "4269", "4490"])
        {
            var transform = _transforms.Between(Crs.Crs84, new Crs("EPSG", code))!;
            transform.IsIdentity.ShouldBeTrue();
            transform.Apply(pair);
        }

        pair.ShouldBe([13.4, 52.5]);
        _transforms.Between(new Crs("EPSG", "3035"), new Crs("EPSG", "3035"))!.IsIdentity.ShouldBeTrue();
    }

    [Theory]
    [InlineData("3857", 10, 90)]
    [InlineData("3857", 10, -90)]
    [InlineData("3395", 10, 90)]
    [InlineData("5041", 10, -90)]
    [InlineData("5042", 10, 90)]
    [InlineData("3978", 10, -90)]
    [InlineData("3035", -170, -52)]
    [InlineData("32632", 120, 0)]
    [InlineData("32632", -77.3389, 0.7759)] // so far outside that what its series gives looks as if it were inside
    public void What_has_no_place_is_not_a_number(string code, double longitude, double latitude)
    {
        double[] pairs = [longitude, latitude, 9, 50];
        _transforms.Between(Crs.Crs84, new Crs("EPSG", code))!.Apply(pairs);
        pairs[0].ShouldBe(double.NaN);
        pairs[1].ShouldBe(double.NaN);
        (code == "5042" || double.IsFinite(pairs[2])).ShouldBeTrue();
    }

    [Fact]
    public void Beyond_a_pole_a_zone_of_UTM_has_no_place()
    {
        double[] pairs = [500_000, 9_990_000, 500_000, 10_010_000];
        _transforms.Between(new Crs("EPSG", "32632"), Crs.Crs84)!.Apply(pairs);
        pairs[..2].ShouldBe([9, 89.93], 0.01);
        pairs[2].ShouldBe(double.NaN);
        pairs[3].ShouldBe(double.NaN);
    }

    [Theory]
    [InlineData(-170, -52.0001)]
    [InlineData(-169.9998, -52)]
    [InlineData(-170.0001, -51.9999)]
    public void Metres_beside_the_place_that_is_a_rim_places_are_true(double longitude, double latitude)
    {
        double[] pair = [longitude, latitude];
        _transforms.Between(Crs.Crs84, new Crs("EPSG", "3035"))!.Apply(pair);
        _transforms.Between(new Crs("EPSG", "3035"), Crs.Crs84)!.Apply(pair);
        pair.ShouldBe([longitude, latitude], 1e-7);
    }

    [Fact]
    public void What_is_not_known_has_no_transform()
    {
        _transforms.Between(Crs.Crs84, new Crs("EPSG", "28992")).ShouldBeNull();
        _transforms.Between(new Crs("NONE", "1"), Crs.Crs84).ShouldBeNull();
        _transforms.Extent(Extent.World, Crs.Crs84, new Crs("EPSG", "99999")).ShouldBeNull();
    }

    [Fact]
    public void The_same_pair_has_the_same_transform() =>
        _transforms.Between(Crs.Crs84, Crs.WebMercator).ShouldBeSameAs(_transforms.Between(Crs.Crs84, Crs.WebMercator));

    [Fact]
    public void Applying_allocates_nothing()
    {
        double[] pairs = [9, 50, 10, 51];
        foreach (var code in (string[])["3857", "3035", "3978", "32632", "5041"])
        {
            var transform = _transforms.Between(Crs.Crs84, new Crs("EPSG", code))!;
            transform.Apply(pairs.AsSpan());
            var before = GC.GetAllocatedBytesForCurrentThread();
            transform.Apply(pairs.AsSpan());
            GC.GetAllocatedBytesForCurrentThread().ShouldBe(before, code);
        }
    }

    [Fact]
    public void The_world_in_Mercator_is_a_square()
    {
        var world = _transforms.Extent(Extent.World, Crs.Crs84, Crs.WebMercator)!.Value;
        world.MinX.ShouldBe(-20037508.342789244, 1e-6);
        world.MinY.ShouldBe(-20037508.342789244, 1e-6);
        world.MaxX.ShouldBe(20037508.342789244, 1e-6);
        world.MaxY.ShouldBe(20037508.342789244, 1e-6);
        _transforms.Extent(new Extent(0, 86, 10, 90), Crs.Crs84, Crs.WebMercator)!.Value.IsEmpty.ShouldBeTrue();
        _transforms.Extent(Extent.Empty, Crs.Crs84, Crs.WebMercator)!.Value.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_pole_inside_is_in_the_extent()
    {
        var degrees = _transforms.Extent(new Extent(1_500_000, 1_900_000, 2_600_000, 2_400_000), new Crs("EPSG", "5041"), Crs.Crs84)!.Value;
        (degrees.MinX, degrees.MaxX, degrees.MaxY).ShouldBe((-180, 180, 90));
        degrees.MinY.ShouldBeInRange(83, 84);

        var europe = _transforms.Extent(new Extent(2_000_000, 1_000_000, 6_500_000, 7_500_000), new Crs("EPSG", "3035"), Crs.Crs84)!.Value;
        (europe.MinX, europe.MaxX, europe.MaxY).ShouldBe((-180, 180, 90));

        var cap = _transforms.Extent(new Extent(-180, 80, 180, 90), Crs.Crs84, new Crs("EPSG", "5041"))!.Value;
        (cap.MinX + cap.MaxX).ShouldBe(4_000_000, 1e-3);
        (cap.MaxX - cap.MinX).ShouldBeInRange(2_200_000, 2_260_000);
    }

    [Fact]
    public void Edges_that_bend_are_followed()
    {
        // The southern edge of a rectangle of degrees is lowest on the meridian of origin, between its corners.
        var plane = _transforms.Extent(new Extent(0, 40, 20, 50), Crs.Crs84, new Crs("EPSG", "3035"))!.Value;
        double[] middle = [10, 40, 0, 40];
        _transforms.Between(Crs.Crs84, new Crs("EPSG", "3035"))!.Apply(middle);
        plane.MinY.ShouldBeLessThanOrEqualTo(middle[1]);
        plane.MinY.ShouldBeLessThan(middle[3] - 10_000);
    }

    [Fact]
    public void What_lies_on_both_sides_of_180_degrees_takes_all_longitudes()
    {
        var degrees = _transforms.Extent(new Extent(300_000, 6_000_000, 900_000, 6_500_000), new Crs("EPSG", "32601"), Crs.Crs84)!.Value;
        (degrees.MinX, degrees.MaxX).ShouldBe((-180, 180));
        var one = _transforms.Extent(new Extent(500_000, 6_000_000, 600_000, 6_500_000), new Crs("EPSG", "32601"), Crs.Crs84)!.Value;
        one.Width.ShouldBeLessThan(3);
    }

    [Fact]
    public void The_world_in_a_zone_of_UTM_is_what_lies_around_the_zone()
    {
        var zone = _transforms.Extent(Extent.World, Crs.Crs84, new Crs("EPSG", "32632"))!.Value;
        zone.MinX.ShouldBeInRange(-5_000_000, -3_000_000);
        zone.MaxX.ShouldBeInRange(4_000_000, 6_000_000);
        zone.MaxY.ShouldBeGreaterThan(9_900_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PROJCS[")]
    [InlineData("PROJCS[\"x\"]")]
    [InlineData("undefined")]
    [InlineData("GEOGCRS[\"WGS 84\",DATUM[\"World Geodetic System 1984\",ELLIPSOID[\"WGS 84\",6378137,298.257223563]],CS[ellipsoidal,2]]")]
    public void What_is_no_definition_is_not_read(string wkt) => WktDefinition.Read(wkt).ShouldBeNull();

    [Fact]
    public void Definitions_are_dropped_into_a_folder()
    {
        var folder = Directory.CreateTempSubdirectory("geowps-crs-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "EPSG_99998.wkt"), """GEOGCS["x",DATUM["x",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["grad",0.01570796326794897]]""");
            double[] pairs = [100, 50];
            new CoordinateTransforms(GivenDefinitions.Read(folder.FullName)).Between(new Crs("EPSG", "99998"), Crs.Crs84)!.Apply(pairs);
            pairs.ShouldBe([90, 45], 1e-9);

            foreach (var (wkt, reason) in (ReadOnlySpan<(string, string)>)[("nothing", "no definition"), (Dutch, "no TOWGS84")])
            {
                File.WriteAllText(Path.Combine(folder.FullName, "EPSG_99997.wkt"), wkt);
                var message = Should.Throw<InvalidDataException>(() => GivenDefinitions.Read(folder.FullName)).Message;
                message.ShouldContain("EPSG_99997");
                message.ShouldContain(reason);
            }

            // A shift of nothing is one that is known.
            foreach (var shift in (string[])["565.4,50.3,465.6,-0.4,0.35,-1.9,4.1", "0,0,0,0,0,0,0"])
            {
                File.WriteAllText(Path.Combine(folder.FullName, "EPSG_99997.wkt"), Dutch.Replace("299.1528128]", $"299.1528128],TOWGS84[{shift}]", StringComparison.Ordinal));
                GivenDefinitions.Read(folder.FullName).Count.ShouldBe(2);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
