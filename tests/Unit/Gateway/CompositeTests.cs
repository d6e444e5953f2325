using System.Net;
using System.Text.Json;

namespace GeoWps.Tests.Unit.Gateway;

public sealed class CompositeTests
{
    private static readonly (string, string)[] _own =
    [
        ("Gateway:Composites:everything:Service", "records"), ("Gateway:Composites:everything:Path", "/records"), ("Gateway:Composites:everything:Merge", "UnionById"),
        ("Gateway:Composites:quick:Service", "records"), ("Gateway:Composites:quick:Path", "/records"), ("Gateway:Composites:quick:Merge", "First"),
        ("Gateway:PartMilliseconds", "300"), ("Gateway:ProbeMilliseconds", "600000"), ("Gateway:ProbeTimeoutMilliseconds", "60000"),
    ];

    [Fact]
    public async Task The_list_of_processes_is_the_union_of_all_nodes_with_versions_where_they_differ()
    {
        var (a, b) = (new SmallNode("a", "p", "q"), new SmallNode("b", "p", "r") { Version = "2" });
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()]);

        var list = await ReadAsync(gateway, "/processes");

        list.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()).ShouldBe(["p", "q", "r"]);
        list.GetProperty("processes")[0].GetProperty("versions").GetArrayLength().ShouldBe(2);
        (await ReadAsync(gateway, "/processes?limit=1")).GetProperty("links").EnumerateArray().Last().GetProperty("href").GetString().ShouldBe($"{gateway.Client.BaseAddress}processes?limit=1&after=p");
    }

    [Fact]
    public async Task A_node_that_hangs_is_named_in_the_list_of_processes_which_is_an_answer_all_the_same()
    {
        var (a, b) = (new SmallNode("a", "p", "q"), new SmallNode("b", "p", "r"));
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()], _own);

        b.Mood = Mood.Hanging;
        var list = await ReadAsync(gateway, "/processes");
        list.GetProperty("incomplete").EnumerateArray().Select(name => name.GetString()).ShouldBe(["b"]);
        list.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()).ShouldBe(["p", "q"]);

        b.Mood = Mood.Fine;
        (await ReadAsync(gateway, "/processes")).TryGetProperty("incomplete", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Browsers_get_pages_of_the_list_and_of_problems()
    {
        var (a, b) = (new SmallNode("a", "p", "<i>"), new SmallNode("b", "p"));
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()]);
        const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

        var (list, listType) = await PageAsync(gateway, "/processes", Browser);
        listType.ShouldBe("text/html");
        list.ShouldContain("href=\"/processes/p\"");
        list.ShouldContain("&lt;i&gt;");
        list.ShouldNotContain("<i>");
        (await PageAsync(gateway, "/processes?f=json", Browser)).Type.ShouldBe("application/json");
        (await PageAsync(gateway, "/processes", "application/json, text/html;q=0.5")).Type.ShouldBe("application/json");
        (await PageAsync(gateway, "/processes", "*/*")).Type.ShouldBe("application/json");

        var (problem, problemType) = await PageAsync(gateway, "/no/where/%3Cb%3E", Browser);
        problemType.ShouldBe("text/html");
        problem.ShouldContain("There is nothing at /no/where/%3Cb%3E.");
        (await PageAsync(gateway, "/no/where", "*/*")).Type.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task When_all_nodes_have_the_same_processes_one_of_them_answers()
    {
        // One runs q, and the other takes it in.
        var (a, b) = (new SmallNode("a", "p", "q"), new SmallNode("b", "p") { Elsewhere = ["q"] });
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()]);

        await ReadAsync(gateway, "/processes");

        (a.Asked.Count + b.Asked.Count).ShouldBe(1);
    }

    [Fact]
    public async Task An_operators_own_composite_is_merged_and_says_who_did_not_answer()
    {
        var (a, b) = (new SmallNode("a") { Records = """{"records":[{"id":"x"}]}""" }, new SmallNode("b") { Records = """{"records":[{"id":"x"},{"id":"y"}]}""" });
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()], _own);

        var whole = await ReadAsync(gateway, "/composites/everything?q=z");
        whole.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("id").GetString()).ShouldBe(["x", "y"]);
        whole.TryGetProperty("incomplete", out _).ShouldBeFalse();

        b.Mood = Mood.Hanging;
        (await ReadAsync(gateway, "/composites/everything")).GetProperty("incomplete")[0].GetString().ShouldBe("b");
        (await ReadAsync(gateway, "/composites/quick")).GetProperty("records").GetArrayLength().ShouldBe(1);

        a.Mood = Mood.Failing;
        (await gateway.Client.GetAsync("/composites/everything")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await gateway.Client.GetAsync("/composites/none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await gateway.Client.GetAsync("/composites/everything?limit=x")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        b.Mood = Mood.Fine;
    }

    [Fact]
    public async Task Health_of_the_cluster_counts_nodes_by_service()
    {
        var (a, b) = (new SmallNode("a"), new SmallNode("b"));
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()]);
        (await ReadAsync(gateway, "/health/cluster")).GetProperty("status").GetString().ShouldBe("ok");

        await b.KillAsync();
        await gateway.UntilAsync(() => !gateway.Of(b).IsIn);
        (await ReadAsync(gateway, "/health/cluster")).GetProperty("status").GetString().ShouldBe("degraded");
        await a.KillAsync();
        await gateway.UntilAsync(() => !gateway.Of(a).IsIn);
        using var down = await gateway.Client.GetAsync("/health/cluster");
        down.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await gateway.Client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<(string Text, string? Type)> PageAsync(GatewayHost gateway, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await gateway.Client.SendAsync(request);
        return (await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.MediaType);
    }

    private static async Task<JsonElement> ReadAsync(GatewayHost gateway, string path)
    {
        using var answer = await gateway.Client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());
    }
}
