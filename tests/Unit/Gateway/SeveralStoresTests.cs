using System.Net;
using System.Text.Json;
using GeoWps.Adapters.Gateway.Forwarding;

namespace GeoWps.Tests.Unit.Gateway;

/// <summary>Nodes that share nothing, behind one gateway.</summary>
public sealed class SeveralStoresTests
{
    [Theory]
    [InlineData("/jobs/{jobID}", "/jobs/a", "/jobs/a")]
    [InlineData("/jobs/{jobID}/results/{output}", "/jobs/a/results/b", "/jobs/a")]
    [InlineData("/wps/status/{jobID}", "/wps/status/a", "/wps/status/a")]
    [InlineData("/collections/{layer}/items", "/collections/a%20b/items", "/collections/a%20b")]
    [InlineData("/files/{**path}", "/files/a/b/c", "/files/a/b/c")]
    [InlineData("/collections/records/documents/{**record}", "/collections/records/documents/far:a/b.pdf", "/collections/records/documents/far:a/b.pdf")]
    [InlineData("/{layer}/x", "/a/x", "/a")]
    [InlineData("/jobs", "/jobs", null)]
    [InlineData("*", "/jobs/a", null)]
    public void A_thing_is_what_the_first_parameter_names(string template, string path, string? thing) => Homes.ThingOf(template, path).ShouldBe(thing);

    [Fact]
    public void A_home_stays_for_most_things_when_a_store_goes()
    {
        string[] stores = ["a", "b", "c"];
        var things = Enumerable.Range(0, 3000).Select(i => $"/files/{i}/z").ToArray();

        var before = things.ToDictionary(thing => thing, thing => Homes.ChosenFor(thing, stores));
        before.Values.CountBy(store => store).ShouldAllBe(store => store.Value > 800);
        things.Where(thing => before[thing] != "c").ShouldAllBe(thing => Homes.ChosenFor(thing, new[] { "b", "a" }) == before[thing]);
    }

    [Fact]
    public void What_is_not_asked_for_is_forgotten_and_what_is_asked_for_stays()
    {
        var homes = new Homes();
        homes.Remember("kept", "a");
        homes.Remember("lost", "a");
        for (var i = 0; i < 100_000; i++)
        {
            homes.Remember($"{i}", "b");
            homes.Find("kept").ShouldBe("a");
        }

        homes.Find("lost").ShouldBeNull();
        homes.Forget("kept");
        homes.Find("kept").ShouldBeNull();
    }

    [Fact]
    public async Task A_thing_is_found_at_the_node_that_has_it_and_asked_for_there_afterwards()
    {
        var (a, b, c) = (new SmallNode("a"), new SmallNode("b"), new SmallNode("c"));
        c.Jobs["j"] = "";
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync(), await c.StartAsync()]);

        (await gateway.Client.GetStringAsync("/jobs/j")).ShouldBe("c");
        Clear(a, b, c);
        for (var i = 0; i < 5; i++)
        {
            (await gateway.Client.GetStringAsync("/jobs/j")).ShouldBe("c");
        }

        // Who has it knows what it has of it.
        (await gateway.Client.GetAsync("/jobs/j/results")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (a.Asked.Count, b.Asked.Count, c.Asked.Count).ShouldBe((0, 0, 6));

        (await gateway.Client.GetAsync("/jobs/none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await gateway.Client.DeleteAsync("/jobs/none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (a.Asked.Count, b.Asked.Count, c.Asked.Count).ShouldBe((2, 2, 8));
        var calls = await gateway.AdministerAsync("/admin/services");
        calls.ToString().ShouldNotContain("\"retries\":1");
    }

    [Fact]
    public async Task What_was_made_is_known_to_be_where_it_was_made_and_nowhere_else()
    {
        var (a, b) = (new SmallNode("a"), new SmallNode("b"));
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()]);

        var made = JsonElement.Parse(await (await gateway.Client.PostAsync("/jobs", null)).Content.ReadAsStringAsync()).GetProperty("id").GetString()!;
        var (owner, other) = made == "made-by-a" ? (a, b) : (b, a);
        Clear(a, b);
        for (var i = 0; i < 4; i++)
        {
            (await gateway.Client.GetStringAsync($"/jobs/{made}")).ShouldBe(owner.Name);
        }

        await owner.KillAsync();
        await gateway.UntilAsync(() => !gateway.Of(owner).IsIn);
        (await gateway.Client.GetAsync($"/jobs/{made}")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        other.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_is_put_where_it_is_looked_for_first()
    {
        var (a, b) = (new SmallNode("a"), new SmallNode("b"));
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()]);

        for (var i = 0; i < 20; i++)
        {
            var folder = await (await gateway.Client.PutAsync($"/files/{i}/x/y", new StringContent("x"))).Content.ReadAsStringAsync();
            var home = await (await gateway.Client.PutAsync($"/files/{i}/z", new StringContent("x"))).Content.ReadAsStringAsync();
            (await (await gateway.Client.PutAsync($"/files/{i}/z", new StringContent("y"))).Content.ReadAsStringAsync()).ShouldBe(home);
            (await gateway.Client.GetStringAsync($"/files/{i}/z")).ShouldBe(home);
            folder.ShouldBe(home);
        }

        (a.Asked.Count + b.Asked.Count).ShouldBe(80);
        Math.Min(a.Jobs.Count, b.Jobs.Count).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Nodes_of_one_store_are_asked_once()
    {
        var (a, b) = (new SmallNode("a") { Store = "s" }, new SmallNode("b") { Store = "s" });
        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()]);

        (await gateway.Client.GetAsync("/jobs/none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (a.Asked.Count + b.Asked.Count).ShouldBe(1);
    }

    [Fact]
    public async Task The_list_of_jobs_is_that_of_all_stores_newest_first_page_by_page()
    {
        var (a, b) = (new SmallNode("a"), new SmallNode("b"));
        for (var i = 0; i < 10; i++)
        {
            (i % 3 == 0 ? a : b).Jobs[$"j{i}"] = "";
        }

        await using var gateway = await GatewayHost.StartAsync([await a.StartAsync(), await b.StartAsync()], ("Gateway:ProbeMilliseconds", "60000"));
        var (ids, next) = (new List<string?>(), "/jobs?limit=3");
        while (next is not null)
        {
            var page = JsonElement.Parse(await gateway.Client.GetStringAsync(next));
            page.GetProperty("jobs").GetArrayLength().ShouldBeLessThanOrEqualTo(3);
            ids.AddRange(page.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()));
            next = page.GetProperty("links").EnumerateArray().FirstOrDefault(link => link.GetProperty("rel").GetString() == "next") is { ValueKind: JsonValueKind.Object } link ? link.GetProperty("href").GetString() : null;
        }

        ids.ShouldBe(Enumerable.Range(0, 10).Reverse().Select(i => $"j{i}"));
        (await gateway.Client.GetStringAsync("/jobs?f=html")).ShouldContain("<a href=\"/jobs/j9\">");

        b.Mood = Mood.Failing;
        JsonElement.Parse(await gateway.Client.GetStringAsync("/jobs")).GetProperty("incomplete")[0].GetString().ShouldBe("b");
    }

    private static void Clear(params SmallNode[] nodes)
    {
        foreach (var node in nodes)
        {
            node.Asked.Clear();
        }
    }
}
