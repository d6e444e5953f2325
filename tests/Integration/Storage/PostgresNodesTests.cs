using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Cluster;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>Several real servers on one database.</summary>
public sealed class PostgresNodesTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PostgresFact]
    public async Task What_one_node_has_done_all_nodes_have_and_a_restart_takes_nothing()
    {
        var database = await server.CreateDatabaseAsync();
        var both = await Task.WhenAll(StartAsync(database), StartAsync(database));
        await using var first = both[0];
        await using var second = both[1];

        var job = await SubmitAsync(first, 0, "hello");

        (await EndedAsync(second, job)).ShouldBe("successful");
        (await second.Client.GetStringAsync($"jobs/{job}/results")).ShouldContain("hello");
        (await first.StopAsync()).ShouldBe(0);
        await first.StartAgainAsync();
        (await first.Client.GetStringAsync($"jobs/{job}/results")).ShouldContain("hello");
        Directory.Exists(Path.Combine(first.Directory, "blobs")).ShouldBeFalse();
        File.Exists(Path.Combine(first.Directory, "jobs.db")).ShouldBeFalse();
        first.Errors.ShouldBeEmpty();
    }

    [PostgresQgisFact]
    public async Task A_result_of_QGIS_is_read_on_a_node_without_QGIS()
    {
        const string Points = """{"inputs":{"EXTENT":{"bbox":[0,0,10,10]},"POINTS_NUMBER":2000,"MAX_ATTEMPTS":200,"MIN_DISTANCE":0,"TARGET_CRS":"EPSG:4326"},"response":"document"}""";
        var database = await server.CreateDatabaseAsync();
        await using var first = await RunningServer.StartAsync(
            "--Storage:Provider", "Postgres", "--Storage:ConnectionString", database, "--Cache:Persistent:Enabled", "false", "--Python:Workers", "1");
        await using var second = await StartAsync(database);

        var job = await SubmitAsync(first, "native:randompointsinextent", Points);

        (await EndedAsync(second, job)).ShouldBe("successful");
        var results = await second.Client.GetFromJsonAsync<JsonElement>($"jobs/{job}/results");
        results.GetRawText().Length.ShouldBeGreaterThan(100_000, "it lies in pieces");
        results.GetRawText().ShouldContain("FeatureCollection");
    }

    [PostgresFact]
    public async Task A_job_is_watched_on_a_node_that_does_not_run_it()
    {
        var database = await server.CreateDatabaseAsync();
        var both = await Task.WhenAll(StartAsync(database), StartAsync(database));
        await using var first = both[0];
        await using var second = both[1];
        var job = await SubmitAsync(first, 60);
        using var events = await JobStream.OpenAsync(second, job);
        await events.UntilAsync("\"status\":\"running\"");

        (await first.Client.DeleteAsync(new Uri($"jobs/{job}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);

        // It is told of the end; a heartbeat would find it only after many seconds.
        var rest = await events.RestAsync();
        rest.ShouldContain("\"status\":\"dismissed\"");
        rest.ShouldNotContain("\n: ");
    }

    [PostgresFact]
    public async Task A_job_is_called_off_on_a_node_that_does_not_run_it()
    {
        var database = await server.CreateDatabaseAsync();
        var both = await Task.WhenAll(StartAsync(database, "--Node:DrainSeconds", "50"), StartAsync(database));
        await using var first = both[0];
        await using var second = both[1];
        var job = await SubmitAsync(first, 60);

        using var answer = await second.Client.DeleteAsync(new Uri($"jobs/{job}", UriKind.Relative));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(first, job)).ShouldBe("dismissed");

        // It would hold the server up if it still ran: for as long as that waits for jobs.
        var since = Stopwatch.StartNew();
        (await first.StopAsync()).ShouldBe(0);
        since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(40));
        (await StatusAsync(second, job)).ShouldBe("dismissed");
    }

    [PostgresFact]
    public async Task The_job_of_a_node_that_was_killed_runs_on_another()
    {
        var database = await server.CreateDatabaseAsync();
        var both = await Task.WhenAll(StartAsync(database), StartAsync(database));
        await using var first = both[0];
        await using var second = both[1];
        var job = await SubmitAsync(first, 4, "again");
        await first.KillAsync();

        (await EndedAsync(second, job)).ShouldBe("successful");

        (await second.Client.GetStringAsync($"jobs/{job}/results")).ShouldContain("again");
        await UntilAsync(() => Task.FromResult(second.LinesOf("warn").Any(line => line.Contains(job, StringComparison.Ordinal))));
    }

    [PostgresFact]
    public async Task A_layer_that_one_node_has_published_is_served_by_all()
    {
        const string Token = "a-token-for-both-nodes";
        var database = await server.CreateDatabaseAsync();
        var both = await Task.WhenAll(StartAsync(database, "--Security:AdminToken", Token), StartAsync(database, "--Security:AdminToken", Token));
        await using var first = both[0];
        await using var second = both[1];
        (await second.Client.GetAsync(new Uri("collections/places/items?limit=1", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var world = new ByteArrayContent(await File.ReadAllBytesAsync(Sample.World));
        world.Headers.ContentType = new("application/geopackage+sqlite3");
        using var publish = new HttpRequestMessage(HttpMethod.Post, new Uri("admin/layers?id=places&table=places&filename=world.gpkg", UriKind.Relative)) { Content = world };
        publish.Headers.Authorization = new("Bearer", Token);
        using var published = await first.Client.SendAsync(publish);
        published.StatusCode.ShouldBe(HttpStatusCode.Created, await published.Content.ReadAsStringAsync());

        var items = await second.Client.GetFromJsonAsync<JsonElement>("collections/places/items?limit=3");
        items.GetProperty("features").GetArrayLength().ShouldBe(3);
        items.GetProperty("features").GetRawText().ShouldBe((await first.Client.GetFromJsonAsync<JsonElement>("collections/places/items?limit=3")).GetProperty("features").GetRawText().Replace(first.Address.Authority, second.Address.Authority, StringComparison.Ordinal));

        using var remove = new HttpRequestMessage(HttpMethod.Delete, new Uri("admin/layers/places", UriKind.Relative));
        remove.Headers.Authorization = new("Bearer", Token);
        (await second.Client.SendAsync(remove)).IsSuccessStatusCode.ShouldBeTrue();
        await UntilAsync(async () => (await first.Client.GetAsync(new Uri("collections/places/items?limit=1", UriKind.Relative))).StatusCode == HttpStatusCode.NotFound);
    }

    [PostgresFact]
    public async Task A_restart_of_PostgreSQL_loses_nothing()
    {
        await using var own = new OwnServer();
        await using var node = await StartAsync(await own.StartAsync());
        var running = await SubmitAsync(node, 3, "through");

        await own.Server.RestartAsync();

        var next = await SubmitAsync(node, 0, "after");
        (await EndedAsync(node, running)).ShouldBe("successful");
        (await EndedAsync(node, next)).ShouldBe("successful");
        (await node.Client.GetStringAsync($"jobs/{running}/results")).ShouldContain("through");
    }

    /// <summary>A PostgreSQL that others do not use.</summary>
    private sealed class OwnServer : IAsyncDisposable
    {
        public PostgresServer Server { get; } = new();

        public async Task<string> StartAsync()
        {
            await Server.InitializeAsync();
            return await Server.CreateDatabaseAsync();
        }

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }

    [PostgresFact]
    public async Task A_node_that_was_frozen_past_its_lease_changes_nothing_when_it_goes_on()
    {
        var database = await server.CreateDatabaseAsync();
        var both = await Task.WhenAll(StartAsync(database), StartAsync(database));
        await using var first = both[0];
        await using var second = both[1];
        var job = await SubmitAsync(first, 6, "once");
        first.Freeze();
        try
        {
            (await EndedAsync(second, job)).ShouldBe("successful");
        }
        finally
        {
            first.GoOn();
        }

        var before = await second.Client.GetStringAsync($"jobs/{job}");
        var results = await second.Client.GetStringAsync($"jobs/{job}/results");

        // The pause of its own run is over: clocks went on. When it has done another job, it has done what it wanted with the old one.
        (await EndedAsync(first, await SubmitAsync(first, 1, "next"))).ShouldBe("successful");
        (await StatusAsync(first, job)).ShouldBe("successful");
        (await second.Client.GetStringAsync($"jobs/{job}")).ShouldBe(before);
        (await second.Client.GetStringAsync($"jobs/{job}/results")).ShouldBe(results);
        results.ShouldContain("once");
    }

    private static Task<RunningServer> StartAsync(string database, params string[] more) => RunningServer.StartAsync(
        ["--Storage:Provider", "Postgres", "--Storage:ConnectionString", database, "--Cache:Persistent:Enabled", "false", "--Python:Execution", "None", "--Jobs:LeaseSeconds", "3", .. more]);

    private static Task<string> SubmitAsync(RunningServer server, int pause, string text = "x") =>
        SubmitAsync(server, "echo", $$"""{"inputs": {"literalInput": "{{text}}", "pause": {{pause}}} }""");

    private static async Task<string> SubmitAsync(RunningServer server, string process, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"processes/{process}/execution", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("jobID").GetString()!;
    }

    private static async Task<string> EndedAsync(RunningServer server, string job)
    {
        var status = "";
        await UntilAsync(async () => (status = await StatusAsync(server, job)) is not ("accepted" or "running"));
        return status;
    }

    private static async Task<string> StatusAsync(RunningServer server, string job) =>
        (await server.Client.GetFromJsonAsync<JsonElement>($"jobs/{job}")).GetProperty("status").GetString()!;

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            await Task.Delay(100, patience.Token);
        }
    }
}
