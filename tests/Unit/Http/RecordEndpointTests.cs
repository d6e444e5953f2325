using System.Net;
using System.Text.Json;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.Http;

/// <summary>The catalogue over HTTP, before a store that notes what it is asked.</summary>
public sealed class RecordEndpointTests(HttpHost host) : IClassFixture<HttpHost>
{
    [Fact]
    public async Task What_has_changed_since_a_state_is_told_with_what_went_and_linked_to_by_the_catalogue()
    {
        var catalogue = System.Text.Json.JsonElement.Parse(await host.Client.GetStringAsync("/collections/records?f=json"));
        var link = catalogue.GetProperty("links").EnumerateArray().Single(one => one.GetProperty("rel").GetString() == "urn:geowps:rel:record-changes").GetProperty("href").GetString()!;

        var now = System.Text.Json.JsonElement.Parse(await host.Client.GetStringAsync(link));
        now.GetProperty("state").GetString().ShouldBe("now");
        now.GetProperty("removed").GetArrayLength().ShouldBe(0);
        var since = System.Text.Json.JsonElement.Parse(await host.Client.GetStringAsync($"{link}?since=then"));
        since.GetProperty("removed")[0].GetString().ShouldBe("files:gone");
        since.GetProperty("numberTotal").GetInt64().ShouldBe(since.GetProperty("features").GetArrayLength());
        (await host.Client.GetAsync($"{link}?since=forgotten")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Gone);
        (await host.Client.GetAsync($"{link}?since=a&since=b")).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        (await host.Client.GetAsync($"{link}?until=a")).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Parameters_become_one_query()
    {
        await ReadAsync("/collections/records/items?q=flood&ids=a:1,b:2&bbox=170,-10,-170,10&datetime=2020-01-01/..&type=map&externalIds=x&sortby=-updated,%2Btitle&limit=7&offset=3&facets=type"
            + "&classification=plan:C,D&keywords=water&filter=title%20LIKE%20'A%25'&filter-lang=cql2-text");

        var asked = host.Records.Asked.ShouldNotBeNull();
        asked.Text.ShouldBe("flood");
        asked.Ids.ShouldBe(["a:1", "b:2"]);
        asked.Areas.ShouldBe([new Extent(170, -10, 180, 10), new Extent(-180, -10, -170, 10)]);
        asked.Time!.Value.To.ShouldBeNull();
        asked.ExternalIds.ShouldBe([new ExternalId("x", null), new ExternalId(ExternalId.Any, "x")]);
        asked.SortBy.ShouldBe([("updated", true), ("title", false)]);
        (asked.Limit, asked.Offset).ShouldBe((7, 3));
        asked.Classifications.Select(one => (one.Scheme, string.Join(',', one.Codes))).ShouldBe([("plan", "C"), (null, "D")]);
        asked.Filter.ShouldBeOfType<RecordFilter.All>().Parts.Count.ShouldBe(3);
        asked.SeesAll.ShouldBeFalse();
    }

    [Fact]
    public async Task An_external_id_may_have_its_scheme_before_it_and_colons_in_both()
    {
        await ReadAsync("/search?externalIds=urn:isbn:3-16");

        host.Records.Asked.ShouldNotBeNull().ExternalIds.ShouldBe(
            [new ExternalId("urn:isbn:3-16", null), new ExternalId(ExternalId.Any, "urn:isbn:3-16"), new ExternalId("isbn:3-16", "urn"), new ExternalId("3-16", "urn:isbn")]);
    }

    [Theory]
    [InlineData("2001")]
    [InlineData("99999999999999999999999")]
    [InlineData("000000000000000000000002000")]
    public async Task However_great_a_limit_is_the_greatest_is_meant(string limit)
    {
        await ReadAsync($"/search?limit={limit}");

        host.Records.Asked.ShouldNotBeNull().Limit.ShouldBe(2_000);
    }

    [Fact]
    public async Task A_record_has_a_tag_and_is_not_sent_to_who_has_it()
    {
        await host.Records.PutAsync([new CatalogueRecord("files", "tagged", "file", "Once")], CancellationToken.None);
        using var first = await host.Client.GetAsync("/collections/records/items/files:tagged");
        var tag = first.Headers.ETag.ShouldNotBeNull().ToString();
        first.Headers.Vary.ShouldContain("Authorization");

        using var same = await host.SendAsync(HttpMethod.Get, "/collections/records/items/files:tagged", null, ("If-None-Match", tag));
        (same.StatusCode, same.Headers.ETag?.ToString()).ShouldBe((HttpStatusCode.NotModified, tag));

        await host.Records.PutAsync([new CatalogueRecord("files", "tagged", "file", "Twice")], CancellationToken.None);
        using var other = await host.SendAsync(HttpMethod.Get, "/collections/records/items/files:tagged", null, ("If-None-Match", tag));
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.Records.RemoveAsync("files", ["tagged"], CancellationToken.None);
    }

    [Theory]
    [InlineData("bbox=1,2,3", "four numbers")]
    [InlineData("bbox=1,x,3,4", "'x' is no number")]
    [InlineData("bbox=1,9,3,4", "south")]
    [InlineData("datetime=soon", "RFC 3339")]
    [InlineData("sortby=colour", "'colour' is nothing to sort by")]
    [InlineData("facets=colour", "'colour' is nothing to count by")]
    [InlineData("limit=0", "whole number")]
    [InlineData("offset=-1", "whole number")]
    [InlineData("filter=title%20%3D", "character 8")]
    [InlineData("filter-lang=cql2-json", "cql2-text")]
    [InlineData("filter-crs=x", "CRS84")]
    [InlineData("colour=red", "no such parameter")]
    [InlineData("q=a&q=b", "more than once")]
    public async Task A_mistake_is_told_with_its_place(string query, string why)
    {
        using var answer = await host.Client.GetAsync("/search?" + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var mistake = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("mistakes")[0];
        mistake.GetProperty("place").GetString().ShouldBe(query.Split('=')[0]);
        mistake.GetProperty("message").GetString()!.ShouldContain(why);
    }

    [Fact]
    public async Task Pages_are_linked_and_a_record_is_found_by_its_id_with_slashes_and_owners_are_respected()
    {
        await host.Records.PutAsync(
            [new CatalogueRecord("files", "a b/c%d.csv", "file", "<Title>") { Links = [new RecordLink("files/a", "item", null, null)] }, new CatalogueRecord("files", "hers", "file", "Hers") { Owner = "ann" }],
            CancellationToken.None);

        var page = await ReadAsync("/search?q=x&limit=1");
        var feature = page.GetProperty("features")[0];
        feature.GetProperty("hit").GetString().ShouldBe("a <mark>&lt;hit&gt;</mark> &amp; more");
        Link(page, "next").ShouldBe($"{host.Address}search?q=x&limit=1&offset=1");
        Link(await ReadAsync("/search?q=x&limit=1&offset=1"), "prev").ShouldBe($"{host.Address}search?q=x&limit=1");
        Link(feature, "item").ShouldBe($"{host.Address}files/a");

        var self = Link(feature, "self")!;
        self.ShouldBe($"{host.Address}collections/records/items/files:a%20b/c%25d.csv");
        (await ReadAsync(self)).GetProperty("id").GetString().ShouldBe("files:a b/c%d.csv");
        (await ReadAsync(self.Replace("b/c", "b%2Fc", StringComparison.Ordinal))).GetProperty("id").GetString().ShouldBe("files:a b/c%d.csv");
        (await host.Client.GetAsync("/collections/records/items/files:hers")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var admin = await host.SendAsync(HttpMethod.Get, "/collections/records/items/files:hers", null, ("Authorization", $"Bearer {HttpHost.Token}"));
        admin.StatusCode.ShouldBe(HttpStatusCode.OK);

        var html = await (await host.Client.GetAsync("/search?q=x&f=html")).Content.ReadAsStringAsync();
        html.ShouldContain("a <mark>&lt;hit&gt;</mark> &amp; more");
        html.ShouldContain("&lt;Title&gt;");
        html.ShouldContain("&lt;value&gt;</a> (3)");
    }

    [Fact]
    public async Task Pages_for_people_tell_days_and_that_they_are_behind_the_end()
    {
        await host.Records.PutAsync(
            [new CatalogueRecord("files", "dated", "file", "2001") { Time = new Domain.Time.TimeInterval(DateTimeOffset.Parse("2001-01-01T00:00:00Z"), DateTimeOffset.Parse("2001-12-31T23:59:59.999Z")) }], CancellationToken.None);

        (await host.Client.GetStringAsync("/collections/records/items/files:dated?f=html")).ShouldContain("2001-01-01 to 2001-12-31<");
        var behind = await host.Client.GetStringAsync("/search?f=html&offset=5000");
        behind.ShouldContain("This page is behind the last of ");
        behind.ShouldContain("Previous page");
        await host.Records.RemoveAsync("files", ["dated"], CancellationToken.None);
    }

    [Fact]
    public async Task The_catalogue_is_a_collection()
    {
        (await ReadAsync("/collections")).GetProperty("collections").EnumerateArray().Select(one => one.GetProperty("id").GetString()).ShouldContain("records");
        (await ReadAsync("/collections/records")).GetProperty("itemType").GetString().ShouldBe("record");
        (await ReadAsync("/collections/records/queryables")).GetProperty("properties").TryGetProperty("title", out _).ShouldBeTrue();
        (await ReadAsync("/collections/records/sortables")).GetProperty("properties").TryGetProperty("geometry", out _).ShouldBeFalse();
        GeoWps.Domain.Layers.Layer.IsId("records").ShouldBeFalse("a layer of that id would be hidden by the catalogue");
    }

    private async Task<JsonElement> ReadAsync(string path)
    {
        using var answer = await host.Client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static string? Link(JsonElement document, string relation) =>
        document.GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString() == relation).Select(link => link.GetProperty("href").GetString()).FirstOrDefault();
}
