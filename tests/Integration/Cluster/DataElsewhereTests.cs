using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Cluster;

/// <summary>A layer whose file lies on one of two nodes.</summary>
[Collection("Clusters")]
public sealed class DataElsewhereTests : IAsyncLifetime
{
    private const string Token = "token-of-the-tests-0";

    private readonly PostgresServer _postgres = new();
    private readonly Gdal _folder = new();
    private readonly List<RunningServer> _servers = [];

    public Task InitializeAsync() => _postgres.InitializeAsync();

    public async Task DisposeAsync()
    {
        foreach (var server in Enumerable.Reverse(_servers))
        {
            await server.DisposeAsync();
        }

        _folder.Dispose();
        await _postgres.DisposeAsync();
    }

    [BlindServerFact]
    public async Task Requests_for_it_go_to_the_node_that_has_it_and_the_other_one_says_which_that_is()
    {
        File.Copy(Sample.Relief, _folder.PathOf("relief.tif"));
        string[] node =
        [
            "--Storage:ConnectionString", await _postgres.CreateDatabaseAsync(), "--Storage:Provider", "Postgres", "--Security:AdminToken", Token, "--Node:Role", "Worker", "--Http:TrustedProxies", "127.0.0.1",
            "--Python:Workers", "1", "--Python:Drawers", "1", "--Layers:Samples", "false", "--Cache:Persistent:Enabled", "false",
        ];
        var has = await RunningServer.StartAsync([.. node, "--Node:Name", "has", "--Layers:Folders", _folder.Folder, "--Python:ReadFolders", _folder.Folder]);
        _servers.Add(has);
        await PublishAsync(has);
        var blind = await RunningServer.StartBlindAsync(_folder.Folder, [.. node, "--Node:Name", "blind"]);
        _servers.Add(blind);
        var gateway = await RunningServer.StartAsync("--Node:Role", "Gateway", "--Discovery:Nodes", $"{has.Address},{blind.Address}", "--Security:AdminToken", Token, "--Gateway:ProbeMilliseconds", "200");
        _servers.Add(gateway);
        await QgisServer.Until(async () => (await NodesAsync(gateway)) is ["in", "in"], "both get requests");

        foreach (var path in (string[])["collections/relief/map/tiles/WebMercatorQuad/0/0/0?f=png", "wmts/1.0.0/relief/default/WebMercatorQuad/0/0/0.png"])
        {
            using var refused = await blind.Client.GetAsync(path);
            var text = await refused.Content.ReadAsStringAsync();
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, text);
            text.ShouldContain("at the node has");
            text.ShouldNotContain(_folder.Folder);
        }

        for (var i = 0; i < 6; i++)
        {
            using var tile = await gateway.Client.GetAsync($"collections/relief/map/tiles/WebMercatorQuad/1/{i % 2}/{i / 2 % 2}?f=png");
            tile.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);
            tile.Headers.ShouldNotContain(header => header.Key.StartsWith("X-GeoWps", StringComparison.OrdinalIgnoreCase));
        }

        (await NodesAsync(gateway)).ShouldBe(["in", "in"]);
        has.Errors.Concat(blind.Errors).Concat(gateway.Errors).ShouldBeEmpty();
    }

    private async Task PublishAsync(RunningServer server)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { id = "relief", source = new { file = _folder.PathOf("relief.tif") } }), Encoding.UTF8, "application/json");
        using var publish = new HttpRequestMessage(HttpMethod.Post, "admin/layers") { Content = body, Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        using var answer = await server.Client.SendAsync(publish);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        await QgisServer.Until(async () => (await server.Client.GetAsync("collections/relief")).IsSuccessStatusCode, "it is published");
    }

    private static async Task<string[]> NodesAsync(RunningServer gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "admin/nodes") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        using var answer = await gateway.Client.SendAsync(request);
        return [.. JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("state").GetString()!)];
    }
}

/// <summary>A test that needs PostgreSQL, QGIS, and a server that does not see all of this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BlindServerFactAttribute : FactAttribute
{
    public BlindServerFactAttribute() => Skip = new PostgresQgisFactAttribute().Skip ?? RunningServer.WhyNotBlind;
}
