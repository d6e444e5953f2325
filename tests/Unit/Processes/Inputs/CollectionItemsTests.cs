using System.Text.Json;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Inputs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes.Inputs;

public sealed class CollectionItemsTests
{
    private const string First = "http://a/collections/roads/items?limit=1000";
    private readonly ReadingBench _bench = new();

    [Theory]
    [InlineData("http://a/collections/roads", First)]
    [InlineData("http://a/collections/roads/", First)]
    [InlineData("http://a/collections/roads?key=1#x", "http://a/collections/roads/items?key=1&limit=1000")]
    [InlineData("collections/roads", null)]
    [InlineData("", null)]
    public void The_items_lie_below_their_collection(string collection, string? items) => CollectionItems.FirstPage(collection).ShouldBe(items);

    [Fact]
    public async Task Pages_are_one_collection_in_their_order()
    {
        _bench.Web.With(First, Page("""{"rel": "next", "href": "/html", "type": "text/html"}, {"rel": "next", "href": "items?page=2", "type": "application/geo+json"}""", 1, 2))
            .With("http://a/collections/roads/items?page=2", Page("""{"rel": "self", "href": "items?page=2"}""", 3));

        var features = JsonElement.Parse(await _bench.ContentAsync(Collection())).GetProperty("features");

        features.EnumerateArray().Select(feature => feature.GetProperty("id").GetInt32()).ShouldBe([1, 2, 3]);
        (await _bench.CopyAsync(Collection())).Outcome.ShouldBeOfType<InputContent.Copied>().MediaType.ShouldBe(MediaTypes.GeoJson);
    }

    [Fact]
    public async Task Numbers_stay_as_they_are_written()
    {
        _bench.Web.With(First, """{"type": "FeatureCollection", "features": [{"type": "Feature", "n": 1.50e0}]}""");

        (await _bench.ContentAsync(Collection())).ShouldBe("""{"type":"FeatureCollection","features":[{"type": "Feature", "n": 1.50e0}]}""");
    }

    [Fact]
    public async Task A_server_whose_pages_never_end_is_left()
    {
        const string Again = """{"rel": "next", "href": "items?limit=1000"}""";
        _bench.Web.With(First, Page(Again, 1));
        JsonElement.Parse(await _bench.ContentAsync(Collection())).GetProperty("features").GetArrayLength().ShouldBe(1);

        _bench.Web.With(First, Page("""{"rel": "next", "href": "items?page=2"}"""));
        JsonElement.Parse(await _bench.ContentAsync(Collection())).GetProperty("features").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("<html/>", "page 2 of the collection is no JSON: ")]
    [InlineData("""{"type": "Feature"}""", "page 2 of the collection is no GeoJSON feature collection")]
    [InlineData(null, "page 2 of the collection: can not be fetched")]
    public async Task What_is_wrong_with_a_page_is_told(string? content, string message)
    {
        _bench.Web.With(First, Page("""{"rel": "next", "href": "items?page=2"}""", 1));
        if (content is not null)
        {
            _bench.Web.With("http://a/collections/roads/items?page=2", content);
        }

        (await _bench.RefusalAsync(Collection())).ShouldStartWith(message);
    }

    [Fact]
    public async Task Together_pages_are_as_large_as_an_input_may_be()
    {
        _bench.Web.With(First, Page("""{"rel": "next", "href": "items?page=2"}""", 1)).With("http://a/collections/roads/items?page=2", Page("", 2));
        _bench.Limits.MaxInputBytes = 100;

        (await _bench.RefusalAsync(Collection())).ShouldBe("is larger than 100 bytes");
    }

    private static InputValue.Reference Collection() => new(First) { MediaType = MediaTypes.GeoJson, IsCollection = true };

    private static string Page(string links, params int[] ids) => JsonSerializer.Serialize(new
    {
        type = "FeatureCollection",
        features = ids.Select(id => new { type = "Feature", id, properties = new { }, geometry = new { type = "Point", coordinates = new[] { id, id } } }),
        links = JsonElement.Parse($"[{links}]"),
    });
}
