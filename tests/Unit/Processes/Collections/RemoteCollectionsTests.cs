using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Collections;

namespace GeoWps.Tests.Unit.Processes.Collections;

public sealed class RemoteCollectionsTests
{
    private const string Items = "http://a/collections/roads/items?limit=2";
    private readonly FakeWeb _web = new();

    [Fact]
    public async Task All_pages_become_one_collection()
    {
        _web.With(Items, Page("""{"id": 1, "properties": {"features": [1, {"links": []}]}}, {"id":2}""", "/collections/roads/items?limit=2&offset=2"))
            .With("http://a/collections/roads/items?limit=2&offset=2", Page("", "items?limit=2&offset=4"))
            .With("http://a/collections/roads/items?limit=2&offset=4", Page("""{"id": 3}""", null));

        var (outcome, text) = await CopyAsync();

        text.ShouldBe("""{"type":"FeatureCollection","features":[{"id":1,"properties":{"features":[1,{"links":[]}]}},{"id":2},{"id":3}]}""");
        outcome.ShouldBeOfType<FetchOutcome.Fetched>().FileName.ShouldBe("roads.geojson");
    }

    [Fact]
    public async Task Nothing_is_a_collection_too()
    {
        _web.With(Items, """{"links": [], "features": []}""");

        (await CopyAsync()).Text.ShouldBe("""{"type":"FeatureCollection","features":[]}""");
    }

    [Fact]
    public async Task Links_are_found_wherever_they_stand_and_only_those_to_a_next_page_of_JSON()
    {
        var links = """[{"rel": "self", "href": "http://a/x"}, {"rel": "next", "type": "text/html", "href": "http://a/html"}, {"rel": "next", "type": "application/geo+json", "href": "http://a/2"}]""";
        _web.With(Items, $$"""{"links": {{links}}, "type": "FeatureCollection", "features": [{"links": [{"rel": "next", "href": "http://a/wrong"}]}], "numberReturned": 1}""")
            .With("http://a/2", """{"features": [2]}""");

        (await CopyAsync()).Text.ShouldEndWith(""",2]}""");
    }

    [Theory]
    [InlineData("""{"type": "Feature"}""", "the collection at a has no features: it is no page of OGC API - Features")]
    [InlineData("""[]""", "the collection at a is no JSON object")]
    [InlineData("""{"features": [1, 2""", "the collection at a is not JSON: it ends too early at line 1, column 19 (byte 19)")]
    [InlineData("<html>", "the collection at a is not JSON")]
    [InlineData("""{"features": [1], "links": [{"rel": "next", "href": "http://inner/"}]}""", "can not be fetched")]
    [InlineData("""{"features": [1], "links": [{"rel": "next", "href": "?limit=2"}]}""", "the collection at a leads round in a circle")]
    public async Task What_is_no_collection_is_refused(string page, string expected)
    {
        _web.With(Items, page);

        (await CopyAsync()).Outcome.ShouldBeOfType<FetchOutcome.Refused>().Message.ShouldStartWith(expected);
    }

    [Fact]
    public async Task The_pages_together_must_not_be_too_large()
    {
        var web = new CountingWeb(page: Page("{}", "http://a/next"));

        await new RemoteCollections(web).CopyAsync(Items, new MemoryStream(), 1000, CancellationToken.None);

        web.Allowed.ShouldBe([1000, 1000 - web.Length]);
        web.Accept.ShouldBe("application/geo+json, application/json;q=0.9");
    }

    private static string Page(string features, string? next) =>
        """{"type": "FeatureCollection", "features": [FEATURES], "links": [LINKS]}""".Replace("FEATURES", features, StringComparison.Ordinal)
            .Replace("LINKS", next is null ? "" : JsonSerializer.Serialize(new { rel = "next", href = next }), StringComparison.Ordinal);

    private async Task<(FetchOutcome Outcome, string Text)> CopyAsync()
    {
        using var memory = new MemoryStream();
        var outcome = await new RemoteCollections(_web).CopyAsync(Items, memory, 1 << 20, CancellationToken.None);
        return (outcome, Encoding.UTF8.GetString(memory.ToArray()));
    }

    /// <summary>Always the same page, which leads to one other address.</summary>
    private sealed class CountingWeb(string page) : IReferenceFetcher
    {
        public List<long> Allowed { get; } = [];

        public int Length => page.Length;

        public string? Accept { get; private set; }

        public string? Refuse(string href) => null;

        public async Task<FetchOutcome> FetchAsync(FetchRequest request, Stream destination, long maxBytes, CancellationToken cancellationToken)
        {
            Allowed.Add(maxBytes);
            Accept = request.Headers.Single(header => header.Key == "Accept").Value;
            await destination.WriteAsync(Encoding.UTF8.GetBytes(page), cancellationToken);
            return new FetchOutcome.Fetched(page.Length, null, "");
        }
    }
}
