using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Application.Features;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.Features;

public sealed class FeatureParametersTests
{
    private static readonly Layer Layer = new()
    {
        Id = "things",
        Title = "Things",
        Source = new LayerSource.GeoPackage("data.gpkg", "things"),
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
        Contents = new LayerContents
        {
            Kind = LayerKind.Vector,
            Crs = Crs.Wgs84,
            Extent = Extent.World,
            TimeField = "seen",
            Fields =
            [
                new("name", "string"), new("size", "integer"), new("height", "number"), new("capital", "boolean"), new("founded", "string", "date"), new("seen", "string", "date-time"),
            ],
        },
    };

    [Fact]
    public void Nothing_asks_for_the_first_ten_in_degrees()
    {
        var asked = Read();

        asked.Query.Limit.ShouldBe(10);
        asked.Crs.ShouldBe(Crs.Crs84);
        asked.Query.Areas.ShouldBeNull();
        asked.Query.Time.ShouldBeNull();
        asked.Query.Fields.ShouldBeNull();
        asked.Query.After.ShouldBeNull();
        asked.Query.Matches.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("10000", 10000)]
    [InlineData("99999999999", 10000)]
    public void A_limit_beyond_the_largest_is_the_largest(string text, long limit) => Read(("limit", text)).Query.Limit.ShouldBe(limit);

    [Theory]
    [InlineData("limit", "0")]
    [InlineData("limit", "-1")]
    [InlineData("limit", "ten")]
    [InlineData("limit", "")]
    [InlineData("limit", "1.5")]
    [InlineData("bbox", "")]
    [InlineData("bbox", "1,2,3")]
    [InlineData("bbox", "1,2,3,4,5")]
    [InlineData("bbox", "1,2,3,4,5,6,7")]
    [InlineData("bbox", "1,2,3,x")]
    [InlineData("bbox", "1,2,3,NaN")]
    [InlineData("bbox", "1,2,3,Infinity")]
    [InlineData("bbox", "1,5,3,4")]
    [InlineData("bbox", "1,2,9,3,4,8")]
    [InlineData("bbox-crs", "http://www.opengis.net/def/crs/EPSG/0/4326")]
    [InlineData("crs", "http://www.opengis.net/def/crs/EPSG/0/2056")]
    [InlineData("crs", "here")]
    [InlineData("crs", "")]
    [InlineData("datetime", "yesterday")]
    [InlineData("datetime", "2020-02-01/2020-01-01")]
    [InlineData("datetime", "")]
    [InlineData("after", "x")]
    [InlineData("after", "")]
    [InlineData("properties", "name,nothing")]
    [InlineData("size", "many")]
    [InlineData("size", "1.5")]
    [InlineData("height", "high")]
    [InlineData("height", "NaN")]
    [InlineData("capital", "1")]
    [InlineData("founded", "2020")]
    [InlineData("seen", "2020-01-01")]
    [InlineData("unknown", "1")]
    [InlineData("Name", "Oslo")]
    [InlineData("filter", "size > 1")]
    public void A_mistake_names_its_parameter(string name, string text)
    {
        var (request, mistakes) = Reader().Read([KeyValuePair.Create(name, text)]);

        request.ShouldBeNull();
        mistakes.ShouldHaveSingleItem().Place.ShouldBe(name);
    }

    [Fact]
    public void All_mistakes_are_told_at_once() =>
        Mistakes(("limit", "0"), ("bbox", "1"), ("colour", "red"), ("size", "x")).Select(mistake => mistake.Place).ShouldBe(["limit", "colour", "size", "bbox"]);

    [Fact]
    public void What_is_given_twice_is_a_mistake() => Mistakes(("name", "a"), ("name", "b")).ShouldHaveSingleItem().Place.ShouldBe("name");

    [Fact]
    public void Fields_are_compared_by_their_types() =>
        Read(("name", "true"), ("size", "-3"), ("height", "1e3"), ("capital", "true"), ("founded", "2020-02-29"), ("seen", "2020-01-01T12:00:00 01:00")).Query.Matches
            .Select(match => match.Value).ShouldBe(["true", -3L, 1000.0, true, new DateOnly(2020, 2, 29), new DateTimeOffset(2020, 1, 1, 11, 0, 0, TimeSpan.Zero)]);

    [Fact]
    public void Chosen_fields_keep_the_order_asked_for() => Read(("properties", "size,name,size")).Query.Fields!.Select(field => field.Name).ShouldBe(["size", "name"]);

    [Fact]
    public void Heights_of_an_area_are_read_over() => Read(("bbox", "1,2,-10,3,4,10")).Query.Areas.ShouldBe([new Extent(1, 2, 3, 4)]);

    [Fact]
    public void Latitude_comes_first_where_the_CRS_has_it_so() =>
        Read(("bbox", "1,2,3,4"), ("bbox-crs", "http://www.opengis.net/def/crs/EPSG/0/4326")).Query.Areas.ShouldBe([new Extent(2, 1, 4, 3)]);

    [Theory]
    [InlineData("170,-20,-170,20", 170, 180, -180, -170)]
    [InlineData("170,-20,190,20", 170, 180, -180, -170)]
    [InlineData("-190,-20,-170,20", 170, 180, -180, -170)]
    public void Over_the_antimeridian_there_are_two_areas(string box, double west1, double east1, double west2, double east2) =>
        Read(("bbox", box)).Query.Areas.ShouldBe([new Extent(west1, -20, east1, 20), new Extent(west2, -20, east2, 20)]);

    [Fact]
    public void The_whole_world_is_one_area_however_it_is_counted()
    {
        Read(("bbox", "0,-90,360,90")).Query.Areas.ShouldBe([Extent.World]);
        Read(("bbox", "-180,-90,180,90")).Query.Areas.ShouldBe([Extent.World]);
        Read(("bbox", "180,0,180,0")).Query.Areas.ShouldBe([new Extent(180, 0, 180, 0)]);
        Read(("bbox", "190,0,200,1")).Query.Areas.ShouldBe([new Extent(-170, 0, -160, 1)]);
    }

    [Fact]
    public void An_area_in_metres_is_one_of_the_layers_own_CRS()
    {
        var area = Read(("bbox", "0,0,111319.49079327357,111325.1428663851"), ("bbox-crs", "http://www.opengis.net/def/crs/EPSG/0/3857")).Query.Areas!.ShouldHaveSingleItem();

        area.MaxX.ShouldBe(1, 1e-6);
        area.MaxY.ShouldBe(1, 1e-6);
        Mistakes(("bbox", "10,0,5,5"), ("bbox-crs", "http://www.opengis.net/def/crs/EPSG/0/3857")).ShouldHaveSingleItem().Place.ShouldBe("bbox");
    }

    [Fact]
    public void A_layer_without_times_is_at_any_time()
    {
        var timeless = Layer with { Contents = Layer.Contents with { TimeField = null } };

        Reader(timeless).Read([KeyValuePair.Create("datetime", "2020-01-01")]).Request!.Query.Time.ShouldBeNull();
        Read(("datetime", "2020-01-01/..")).Query.Time!.Value.Field.Name.ShouldBe("seen");
    }

    private static FeatureRequest Read(params (string Name, string Value)[] parameters)
    {
        var (request, mistakes) = Reader().Read(parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        mistakes.ShouldBeEmpty();
        return request!;
    }

    private static IReadOnlyList<Mistake> Mistakes(params (string Name, string Value)[] parameters) =>
        Reader().Read(parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))).Mistakes;

    private static FeatureParameters Reader(Layer? layer = null) =>
        new(layer ?? Layer, [Crs.Crs84, Crs.Wgs84, Crs.WebMercator], new CoordinateTransforms(), new FeaturesOptions(), text => long.TryParse(text, out _));
}
