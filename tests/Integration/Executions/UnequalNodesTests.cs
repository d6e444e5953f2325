using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Wps;
using GeoWps.Tests.Integration.Workers;
using Npgsql;
using static GeoWps.Tests.Integration.Wps.WpsClient;

namespace GeoWps.Tests.Integration.Executions;

/// <summary>Nodes of one cluster that can do different things.</summary>
public sealed class UnequalNodesTests : IAsyncLifetime
{
    private const string Token = "token-of-the-tests-0";
    private const string Endless = "import time\nwhile not feedback.isCanceled():\n    time.sleep(0.01)";

    private readonly PostgresServer _postgres = new();
    private readonly ConcurrentBag<RunningServer> _servers = [];
    private string _database = "";
    private string[] _cluster = [];

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        if (PostgresServer.WhyNot is null)
        {
            _database = await _postgres.CreateDatabaseAsync();
            _cluster = ["--Storage:ConnectionString", _database, "--Security:AdminToken", Token, "--Node:DrainSeconds", "1"];
        }
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_servers.Select(server => server.DisposeAsync().AsTask()));

        await _postgres.DisposeAsync();
    }

    [PostgresQgisFact]
    public async Task What_one_node_has_is_asked_for_anywhere_and_waits_for_that_node()
    {
        var starting = (Works: StartAsync(Scripted, "works", "--Python:Workers", "1"), Asked: StartAsync("asked", "--Python:Execution", "Remote"), Gateway: GatewayAsync(2));
        var (works, asked, gateway) = (await starting.Works, await starting.Asked, await starting.Gateway);
        foreach (var server in (RunningServer[])[works, asked, gateway])
        {
            await QgisServer.Until(async () => await StatusOfAsync(server, "processes/script:python") == HttpStatusCode.OK, "it knows the process");
        }

        // Whichever node the gateway asks.
        var wps = new WpsClient(gateway.Client);
        for (var i = 0; i < 4; i++)
        {
            (await wps.Execute1Async("script:python", Literal1("CODE", $"answer = '{i}'"), Raw1("ANSWER"))).ShouldBe(200).Text.ShouldBe($"{i}");
            (await wps.KvpAsync("service=WPS&version=2.0.0&request=DescribeProcess&identifier=script:python")).ShouldBe(200).Text.ShouldContain("CODE");
        }

        JsonElement[] list = [];
        await QgisServer.Until(async () => (list = await ListAsync(gateway)).Any(process => process.GetProperty("id").GetString() == "script:python"), "it is in the list");
        list.Count(process => process.GetProperty("id").GetString() == "script:python").ShouldBe(1);
        list.ShouldNotContain(process => process.ToString().Contains("\"versions\""));

        var first = await SubmitAsync(gateway, Endless);
        await QgisServer.Until(async () => (await StatusAsync(asked, first)).GetProperty("status").GetString() == "running", "it runs");
        var second = await SubmitAsync(asked, "answer = 'second'");
        var third = await SubmitAsync(asked, "answer = 'third'");
        (await StatusAsync(asked, third)).GetProperty("position").GetInt32().ShouldBe(2);
        (await StatusAsync(works, second)).GetProperty("message").GetString().ShouldBe("Waits at place 1 of the queue.");
        (await asked.Client.GetStringAsync($"jobs/{third}?f=html")).ShouldContain("Waits at place 2 of the queue.");

        // It hands back what it runs, and nobody else takes it.
        (await works.StopAsync()).ShouldBe(0, string.Join('\n', works.Log.TakeLast(40)));
        await QgisServer.Until(async () => (await StatusAsync(asked, second)).GetProperty("message").GetString() == "Waits for a node that runs script:python; there is none now.", "it says what it waits for");
        await QgisServer.Until(async () => await TrySubmitAsync(asked, "answer = 'x'") == HttpStatusCode.NotFound, "a process that nobody has is not there");
        await QgisServer.Until(() => Task.FromResult(asked.LinesOf("warn").Any(line => line.Contains("Jobs wait for script:python", StringComparison.Ordinal))), "the log says so, too");

        await works.StartAgainAsync();
        using (var dismissed = await gateway.Client.DeleteAsync(new Uri($"jobs/{first}", UriKind.Relative)))
        {
            dismissed.StatusCode.ShouldBe(HttpStatusCode.OK, await dismissed.Content.ReadAsStringAsync());
        }

        await QgisServer.Until(async () => (await StatusAsync(asked, third)).GetProperty("status").GetString() == "successful", "the others have run");
        (await StatusAsync(asked, second)).GetProperty("status").GetString().ShouldBe("successful");
        (await StatusAsync(asked, first)).GetProperty("status").GetString().ShouldBe("dismissed");
        asked.Errors.Concat(gateway.Errors).ShouldBeEmpty();
    }

    [PostgresQgisFact]
    public async Task A_node_works_for_the_services_that_it_offers()
    {
        var starting = (Processes: StartAsync("processes", "--Python:Workers", "1", "--Node:Services", "processes"), Tiles: StartAsync("tiles", "--Node:Services", "tiles"));
        var (processes, tiles) = (await starting.Processes, await starting.Tiles);

        string[] expected = ["processes builtin", "processes chain", "processes publish", "processes qgis", "tiles publish", "tiles tiles"];
        await QgisServer.Until(async () => (await LanesAsync()).Length >= expected.Length, "both say what they run");
        (await LanesAsync()).ShouldBe(expected);
        tiles.Log.ShouldNotContain(line => line.Contains("QGIS starts", StringComparison.Ordinal));
        PoolProcesses.Below(tiles.ProcessId).ShouldBeEmpty();

        // Published by either, made by the node of tiles, which now starts QGIS, and only to draw.
        using (var data = new ByteArrayContent(await File.ReadAllBytesAsync(Sample.Countries)) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/geo+json") } })
        using (var publish = new HttpRequestMessage(HttpMethod.Post, "admin/layers?id=countries") { Content = data, Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } })
        using (var answer = await tiles.Client.SendAsync(publish))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        }

        (await tiles.Client.GetByteArrayAsync("collections/countries/map/tiles/WebMercatorQuad/1/0/1?f=png"))[..4].ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
        await QgisServer.Until(() => Task.FromResult(tiles.Log.Any(line => line.Contains("QGIS starts: 0 workers", StringComparison.Ordinal))), "the log says so");

        // A seeding that is asked for where it does not run goes where it does.
        using var body = new StringContent("""{"inputs": {"layer": "countries", "minZoom": 0, "maxZoom": 0}}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "processes/geowps:seed/execution") { Content = body, Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        request.Headers.Add("Prefer", "respond-async");
        using var seeding = await processes.Client.SendAsync(request);
        seeding.StatusCode.ShouldBe(HttpStatusCode.Created, await seeding.Content.ReadAsStringAsync());
        var job = JsonElement.Parse(await seeding.Content.ReadAsByteArrayAsync()).GetProperty("jobID").GetString()!;
        await QgisServer.Until(async () => (await StatusAsync(processes, job)).GetProperty("status").GetString() == "successful", "it is seeded");
        processes.Errors.Concat(tiles.Errors).ShouldBeEmpty();
    }

    private static void Scripted(string data)
    {
        Directory.CreateDirectory(Path.Combine(data, "scripts"));
        File.WriteAllText(Path.Combine(data, "scripts", "python.py"), RunningWorkers.Script);
    }

    private static Task<HttpResponseMessage> PostAsync(RunningServer server, string code)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "processes/script:python/execution")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { inputs = new { CODE = code } }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "respond-async");
        return server.Client.SendAsync(request);
    }

    private static async Task<HttpStatusCode> TrySubmitAsync(RunningServer server, string code)
    {
        using var answer = await PostAsync(server, code);
        return answer.StatusCode;
    }

    private static async Task<string> SubmitAsync(RunningServer server, string code)
    {
        using var answer = await PostAsync(server, code);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("jobID").GetString()!;
    }

    private static async Task<HttpStatusCode> StatusOfAsync(RunningServer server, string path)
    {
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    private static async Task<JsonElement[]> ListAsync(RunningServer server) =>
        [.. JsonElement.Parse(await server.Client.GetByteArrayAsync("processes")).GetProperty("processes").EnumerateArray()];

    private static async Task<JsonElement> StatusAsync(RunningServer server, string job) => JsonElement.Parse(await server.Client.GetByteArrayAsync($"jobs/{job}?f=json"));

    private Task<RunningServer> StartAsync(string name, params string[] settings) => StartAsync(_ => { }, name, settings);

    private async Task<RunningServer> StartAsync(Action<string> prepare, string name, params string[] settings)
    {
        var server = await RunningServer.StartAsync(
            prepare, [.. _cluster, "--Storage:Provider", "Postgres", "--Node:Role", "Worker", "--Node:Name", name, "--Http:TrustedProxies", "127.0.0.1", "--Jobs:LeaseSeconds", "3", .. settings]);
        _servers.Add(server);
        return server;
    }

    private async Task<RunningServer> GatewayAsync(int nodes)
    {
        var gateway = await RunningServer.StartAsync([.. _cluster, "--Discovery:Provider", "Postgres", "--Node:Role", "Gateway", "--Gateway:ProbeMilliseconds", "300"]);
        _servers.Add(gateway);
        await QgisServer.Until(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "admin/nodes") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
                using var answer = await gateway.Client.SendAsync(request);
                return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("nodes").EnumerateArray().Count(node => node.GetProperty("state").GetString() == "in") == nodes;
            },
            "the gateway knows the nodes");
        return gateway;
    }

    private async Task<string[]> LanesAsync()
    {
        await using var source = NpgsqlDataSource.Create(_database + ";Pooling=false");
        await using var command = source.CreateCommand("SELECT r.name || ' ' || l.lane FROM geowps.runner_lanes l JOIN geowps.runners r ON r.node = l.node ORDER BY 1");
        await using var row = await command.ExecuteReaderAsync();
        var lanes = new List<string>();
        while (await row.ReadAsync())
        {
            lanes.Add(row.GetString(0));
        }

        return [.. lanes];
    }
}
