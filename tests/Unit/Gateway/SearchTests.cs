using System.Net;
using System.Text.Json;

namespace GeoWps.Tests.Unit.Gateway;

/// <summary>One search over all nodes.</summary>
public sealed class SearchTests
{
    private static readonly (string, string)[] _settings = [("Gateway:SearchMilliseconds", "400")];

    [Fact]
    public async Task All_nodes_are_searched_and_one_that_hangs_costs_its_own_part()
    {
        var (a, b, c) = (Node("a", 0.9), Node("b", 0.5), Node("c", 0.7));
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync(), await c.StartAsync()], [("Gateway:ProbeMilliseconds", "600000"), .. _settings]);

        foreach (var path in new[] { "/search", "/collections/records/items" })
        {
            var whole = await ReadAsync(gateway, $"{path}?q=x&limit=2");
            Ids(whole).ShouldBe(["x:a", "x:c"]);
            whole.GetProperty("numberMatched").GetInt32().ShouldBe(3);
            whole.GetProperty("links").EnumerateArray().Select(link => $"{link.GetProperty("rel")} {link.GetProperty("href")}").ShouldBe(
            [
                $"self {gateway.Client.BaseAddress}{path[1..]}?q=x&limit=2&offset=0", $"alternate {gateway.Client.BaseAddress}{path[1..]}?q=x&limit=2&f=html",
                $"next {gateway.Client.BaseAddress}{path[1..]}?q=x&limit=2&offset=2", $"collection {gateway.Client.BaseAddress}collections/records",
            ]);
            whole.GetProperty("timeStamp").GetDateTimeOffset().ShouldBeInRange(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
            Ids(await ReadAsync(gateway, $"{path}?q=x&limit=2&offset=2")).ShouldBe(["x:b"]);
        }

        b.Mood = Mood.Hanging;
        var without = await ReadAsync(gateway, "/search?q=x");
        Ids(without).ShouldBe(["x:a", "x:c"]);
        without.GetProperty("incomplete").EnumerateArray().Select(name => name.GetString()).ShouldBe(["b"]);

        (a.Mood, c.Mood) = (Mood.Failing, Mood.Failing);
        (await gateway.Client.GetAsync("/search?q=x")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        b.Mood = Mood.Fine;
    }

    [Fact]
    public async Task Browsers_get_a_page_of_all_nodes()
    {
        var (a, b) = (Node("a", 0.9), Node("b", 0.5));
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()], _settings);

        var page = await PageAsync("/search?q=x%22y&limit=1&type=map");
        page.ShouldContain("""<a href="/collections/records/items/x:a?f=html">a</a>""");
        page.ShouldContain("1 to 1 of 2.");
        page.ShouldContain("<br>&lt;i&gt; of <mark>x &amp; y</mark>", customMessage: "only marks are HTML");
        page.ShouldContain("""name="q" type="search" value="x&quot;y">""");
        page.ShouldContain("""<input type="hidden" name="type" value="map">""");
        page.ShouldContain("rel=\"next\"");
        page.ShouldContain("keywords=water");
        a.Asked.Count.ShouldBe(1);

        (await PageAsync("/collections/records/items?q=x")).ShouldContain("x:b?f=html");

        await b.KillAsync();
        await gateway.UntilAsync(() => !gateway.Of(b).IsIn);
        (await PageAsync("/search?q=x")).ShouldContain("Not all nodes have answered: b");

        async Task<string> PageAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Accept", "text/html,*/*;q=0.8");
            using var answer = await gateway.Client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task A_node_that_is_down_is_named()
    {
        var (a, b) = (Node("a", 0.9), Node("b", 0.5));
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()], _settings);

        await b.KillAsync();
        await gateway.UntilAsync(() => !gateway.Of(b).IsIn);

        var found = await ReadAsync(gateway, "/search?q=x");
        Ids(found).ShouldBe(["x:a"]);
        found.GetProperty("incomplete")[0].GetString().ShouldBe("b");
    }

    [Fact]
    public async Task Of_nodes_that_share_a_store_one_is_asked()
    {
        var (a, b, c) = (Node("a", 0.9), Node("b", 0.5), Node("c", 0.7));
        (a.Store, b.Store) = ("one", "one");
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync(), await c.StartAsync()], _settings);

        var found = await ReadAsync(gateway, "/search?q=x");

        found.GetProperty("numberMatched").GetInt32().ShouldBe(2);
        (a.Asked.Count + b.Asked.Count).ShouldBe(1);

        await a.KillAsync();
        await gateway.UntilAsync(() => !gateway.Of(a).IsIn);
        (await ReadAsync(gateway, "/search?q=x")).TryGetProperty("incomplete", out _).ShouldBeFalse("the other knows the same");
    }

    [Fact]
    public async Task A_record_is_got_from_the_node_that_has_it()
    {
        var (a, b) = (Node("a", 0.9), Node("b", 0.5));
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()], _settings);

        (await ReadAsync(gateway, "/collections/records/items/x:b")).GetProperty("id").GetString().ShouldBe("x:b");
        (await gateway.Client.GetAsync("/collections/records/items/x:none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await gateway.Client.GetAsync("/search?q=x&limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await gateway.Client.GetAsync("/search?q=x&limit=99999999999999999999")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.Client.GetAsync("/search?q=x&limit=00000000000000000000")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await gateway.Client.GetAsync("/search?q=x&limit=")).StatusCode.ShouldBe(HttpStatusCode.OK, "an empty field of a form is none");
        (await gateway.Client.GetAsync("/search?q=x&f=xml")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await gateway.Client.GetAsync("/search?q=x&offset=100000")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await gateway.Client.GetStringAsync("/search?q=x&offset=500&f=html")).ShouldContain("This page is behind the last of ");
    }

    [Fact]
    public async Task Records_by_name_at_the_own_address_are_the_search_over_all_nodes()
    {
        var (a, b) = (Node("a", 0.9), Node("b", 0.5));
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()], _settings);

        foreach (var path in (string[])["/?type=C", "/search?type=C"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("X-GeoWps-Service", "records");
            using var answer = await gateway.Client.SendAsync(request);
            var found = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
            Ids(found).Order().ShouldBe(["x:a", "x:b"]);
            found.GetProperty("links")[0].GetProperty("href").GetString().ShouldStartWith($"{gateway.Client.BaseAddress}search?type=C");
        }

        // Others are asked for what is at their own address.
        using var other = new HttpRequestMessage(HttpMethod.Get, "/?type=C");
        other.Headers.Add("X-GeoWps-Service", "core");
        (await (await gateway.Client.SendAsync(other)).Content.ReadAsStringAsync()).ShouldNotContain("FeatureCollection");
    }

    private static SmallNode Node(string name, double rank)
    {
        var feature = FormattableString.Invariant($$$"""{"type":"Feature","id":"x:{{{name}}}","rank":{{{rank}}},"hit":"&lt;i&gt; of <mark>x &amp; y</mark>","properties":{"title":"{{{name}}}"}}""");
        return new SmallNode(name)
        {
            SearchAnswer = path => path.EndsWith("/items", StringComparison.Ordinal) || path == "/search" ? $$"""{"type":"FeatureCollection","numberMatched":1,"features":[{{feature}}],"facets":{"keywords":{"buckets":[{"value":"water","count":1}]} } }"""
                : path.EndsWith($"/x:{name}", StringComparison.Ordinal) ? feature
                : null,
        };
    }

    private static async Task<JsonElement> ReadAsync(GatewayHost gateway, string path)
    {
        using var answer = await gateway.Client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static string?[] Ids(JsonElement found) => [.. found.GetProperty("features").EnumerateArray().Select(one => one.GetProperty("id").GetString())];
}
