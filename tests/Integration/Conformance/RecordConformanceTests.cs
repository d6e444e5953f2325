using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>OGC API - Records - Part 1: Core (20-004r1, annex A), and filters in CQL2 (21-065r2). The catalogue has what the server has by itself.</summary>
[Collection(ConformanceServerTests.Name)]
public sealed class RecordConformanceTests(ConformanceServer server) : IAsyncLifetime
{
    private const string Items = "collections/records/items";

    public Task InitializeAsync() => QgisServer.Until(async () => (await ItemsAsync("type=process&limit=1")).GetProperty("numberMatched").GetInt32() > 2 && (await ItemsAsync("type=service")).GetProperty("numberMatched").GetInt32() > 2, "the server's records are kept");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    [Trait("ATS", "/conf/record-collection/catalog-response")]
    [Trait("ATS", "/conf/searchable-catalog/landing-page")]
    public async Task The_catalogue_is_a_collection_that_is_linked_to()
    {
        var catalogue = await server.JsonAsync("collections/records");

        await OgcJsonSchema.ShouldFitAsync(catalogue, "ogcapi-records/catalog");
        catalogue.GetProperty("itemType").GetString().ShouldBe("record");
        var listed = (await server.JsonAsync("collections?limit=1000")).GetProperty("collections").EnumerateArray().Single(one => one.GetProperty("id").GetString() == "records");
        listed.GetRawText().ShouldBe(catalogue.GetRawText());
        ConformanceServer.Href(await server.JsonAsync("?f=json"), "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog").ShouldEndWith("/collections/records");
        (await server.JsonAsync("conformance")).GetProperty("conformsTo").EnumerateArray().Select(one => one.GetString()).ShouldContain("http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core");
    }

    [Fact]
    [Trait("ATS", "/conf/record-core/mandatory-properties")]
    [Trait("ATS", "/conf/json/record-content")]
    [Trait("ATS", "/conf/record-api/records-response")]
    public async Task Every_record_fits_the_schema_and_is_the_same_by_itself()
    {
        var all = await ItemsAsync("limit=1000");

        foreach (var record in all.GetProperty("features").EnumerateArray())
        {
            await OgcJsonSchema.ShouldFitAsync(record, "ogcapi-records/recordGeoJSON", record.GetProperty("id").GetString());
        }

        var first = all.GetProperty("features")[0];
        var one = (await server.GetAsync($"{Items}/{first.GetProperty("id").GetString()}")).ShouldBe(200);
        one.MediaType.ShouldBe("application/geo+json");
        one.Json.GetRawText().ShouldBe(first.GetRawText());
        (await server.GetAsync($"{Items}/none:none")).ShouldBe(404);
    }

    [Theory]
    [InlineData("q=echo", "processes:echo")]
    [InlineData("q=ECH", "processes:echo")]
    [InlineData("q=nothingofthatkind", null)]
    [InlineData("ids=processes:echo", "processes:echo")]
    [InlineData("externalIds=echo", "processes:echo")]
    [InlineData("filter=id%20%3D%20'processes:echo'", "processes:echo")]
    [InlineData("filter=casei(title)%20LIKE%20casei('ECH%25')", "processes:echo")]
    [InlineData("title=Echo", "processes:echo")]
    [Trait("ATS", "/conf/record-core-query-parameters/q-response")]
    [Trait("ATS", "/conf/record-core-query-parameters/ids-response")]
    [Trait("ATS", "/conf/record-core-query-parameters/externalIds-response")]
    [Trait("ATS", "/conf/basic-cql2/basic-test")]
    public async Task What_is_asked_for_is_found(string query, string? id)
    {
        var ids = (await ItemsAsync(query)).GetProperty("features").EnumerateArray().Select(one => one.GetProperty("id").GetString()).ToArray();

        (id is null ? ids.Length == 0 : ids.Contains(id)).ShouldBeTrue(string.Join(' ', ids));
    }

    [Fact]
    [Trait("ATS", "/conf/record-core-query-parameters/type-response")]
    public async Task Only_the_types_that_are_asked_for_are_found() => (await ItemsAsync("type=service,none&limit=1000")).GetProperty("features").EnumerateArray()
        .Select(one => one.GetProperty("properties").GetProperty("type").GetString()).Distinct().ShouldBe(["service"]);

    [Fact]
    [Trait("ATS", "/conf/sorting/sortby-response")]
    [Trait("ATS", "/conf/sorting/sortables")]
    public async Task Records_are_sorted_and_pages_put_together_are_the_whole()
    {
        var whole = await TitlesAsync($"{Items}?sortby=-title&limit=1000");
        whole.Count.ShouldBeGreaterThan(5);
        var pages = new List<string>();
        for (string? next = $"{Items}?sortby=-title&limit=3"; next is not null;)
        {
            var page = await server.JsonAsync(next);
            pages.AddRange(page.GetProperty("features").EnumerateArray().Select(one => one.GetProperty("properties").GetProperty("title").GetString()!));
            next = ConformanceServer.Href(page, "next");
        }

        pages.ShouldBe(whole);
        (await server.JsonAsync("collections/records/sortables")).GetProperty("properties").TryGetProperty("title", out _).ShouldBeTrue();
        (await server.GetAsync($"{Items}?sortby=nothing")).ShouldBe(400);
    }

    [Theory]
    [InlineData("title LIKE 'Ech%'", true)]
    [InlineData("title LIKE 'ech%'", false)]
    [InlineData("CASEI(title) = CASEI('ECHO')", true)]
    [InlineData("title IN ('Echo', 'x') AND NOT type = 'service'", true)]
    [InlineData("title BETWEEN 'Echo' AND 'Echo'", true)]
    [InlineData("S_INTERSECTS(geometry, BBOX(-180, -90, 180, 90))", false)]
    [InlineData("S_INTERSECTS(geometry, POINT(1 2))", false)]
    [InlineData("geometry IS NULL", true)]
    [InlineData("T_AFTER(updated, DATE('1990-01-01'))", true)]
    [InlineData("T_BEFORE(updated, DATE('1990-01-01'))", false)]
    [InlineData("T_INTERSECTS(time, INTERVAL('..', '..')) OR type = 'process'", true)]
    [Trait("ATS", "/conf/filter/filter-param")]
    [Trait("ATS", "/conf/filtering/filter-param")]
    [Trait("ATS", "/conf/cql2-text/validate")]
    [Trait("ATS", "/conf/advanced-comparison-operators/test-data")]
    [Trait("ATS", "/conf/case-insensitive-comparison/test-data")]
    [Trait("ATS", "/conf/basic-spatial-functions/test-data")]
    [Trait("ATS", "/conf/temporal-functions/test-data")]
    public async Task A_filter_finds_echo_or_not(string filter, bool finds) =>
        (await ItemsAsync($"limit=1000&filter-lang=cql2-text&filter={Uri.EscapeDataString(filter)}")).GetProperty("features").EnumerateArray()
            .Any(one => one.GetProperty("id").GetString() == "processes:echo").ShouldBe(finds);

    [Fact]
    [Trait("ATS", "/conf/queryables/queryables-resource")]
    public async Task Queryables_are_told() => (await server.JsonAsync("collections/records/queryables")).GetProperty("properties").EnumerateObject().Select(one => one.Name).ShouldContain("geometry");

    [Fact]
    [Trait("ATS", "/conf/html/content")]
    public async Task Records_are_pages_too()
    {
        foreach (var path in new[] { "search?q=echo", "collections/records", $"{Items}/processes:echo", "collections/records/queryables" })
        {
            var page = (await server.GetAsync(path, "text/html")).ShouldBe(200);
            page.MediaType!.ShouldStartWith("text/html");
        }
    }

    private Task<JsonElement> ItemsAsync(string query) => server.JsonAsync($"{Items}?{query}");

    private async Task<IReadOnlyList<string>> TitlesAsync(string path) =>
        [.. (await server.JsonAsync(path)).GetProperty("features").EnumerateArray().Select(one => one.GetProperty("properties").GetProperty("title").GetString()!)];
}
