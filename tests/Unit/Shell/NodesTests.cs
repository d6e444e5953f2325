namespace GeoWps.Tests.Unit.Shell;

public sealed class NodesTests
{
    private const string Nodes = """{"nodes":[{"id":"1","name":"a","address":"http://a","state":"in","share":0.5,"inFlight":2,"ejections":1,"processes":7,"services":[{"service":"tiles"},{"service":"core"}],"version":"1.0"}]}""";
    private const string Services = """{"services":[{"service":"tiles","operations":[{"operation":"GET /tiles","node":"a","calls":9,"failures":1,"retries":0,"inFlight":2,"p50Ms":1.5,"p95Ms":2,"p99Ms":3,"bytes":10}]}]}""";

    [Fact]
    public async Task Nodes_and_what_they_were_asked_for_are_two_tables()
    {
        await using var api = (await FakeApi.StartAsync()).On("GET /admin/nodes", Nodes).On("GET /admin/services?hours=1", Services);

        (await api.RunAsync("nodes", "--token", "secret")).ShouldBe(0);

        var lines = api.Out.Split('\n');
        lines[0].ShouldStartWith("NODE");
        lines[1].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ShouldBe(["a", "http://a", "in", "50 %", "2", "1", "7", "tiles, core", "1.0"]);
        lines[4].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[..5].ShouldBe(["tiles", "GET /tiles", "a", "9", "1"]);
        api.Requests.ShouldAllBe(request => request.Headers["Authorization"] == "Bearer secret");
    }

    [Fact]
    public async Task For_scripts_it_is_one_document()
    {
        await using var api = (await FakeApi.StartAsync()).On("GET /admin/nodes", Nodes).On("GET /admin/services?hours=1", Services);

        (await api.RunAsync("nodes", "--json")).ShouldBe(0);

        var document = System.Text.Json.Nodes.JsonNode.Parse(api.Out)!;
        document["nodes"]!.AsArray().Count.ShouldBe(1);
        document["services"]!.AsArray().Count.ShouldBe(1);
    }
}
