using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Cluster;

/// <summary>A gateway, workers and PostgreSQL, each a process of its own, which lose one another while they are used.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PostgresServer _database = new();
    private readonly List<RunningServer> _servers = [];

    public Task InitializeAsync() => _database.InitializeAsync();

    public async Task DisposeAsync()
    {
        foreach (var server in Enumerable.Reverse(_servers))
        {
            await server.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    [PostgresFact]
    public async Task A_killed_worker_costs_no_accepted_job_and_no_request_that_can_be_asked_again()
    {
        var (gateway, _, other) = await StartAsync();
        string[] jobs = [.. await Task.WhenAll(Enumerable.Range(0, 12).Select(i => SubmitAsync(gateway, $"job {i}", pause: i % 3)))];
        var (failures, asked, stop) = (new ConcurrentBag<string>(), 0, new CancellationTokenSource());
        var asking = Enumerable.Range(0, 3).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var answer = await gateway.Client.GetAsync(new Uri("processes/echo", UriKind.Relative));
                Interlocked.Increment(ref asked);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    failures.Add($"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                }
            }
        }).ToArray();

        await other.KillAsync();
        var ends = await Task.WhenAll(jobs.Select(job => EndedAsync(gateway, job)));
        await stop.CancelAsync();
        await Task.WhenAll(asking);

        ends.ShouldAllBe(end => end == "successful");
        for (var i = 0; i < jobs.Length; i++)
        {
            (await gateway.Client.GetStringAsync(new Uri($"jobs/{jobs[i]}/results", UriKind.Relative))).ShouldContain($"job {i}");
        }

        failures.ShouldBeEmpty();
        asked.ShouldBeGreaterThan(10);
        gateway.Errors.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Without_its_registry_a_gateway_goes_on_with_who_was_there_even_when_it_is_started_then()
    {
        var (gateway, _, _) = await StartAsync();
        var job = await SubmitAsync(gateway, "kept", pause: 0);
        (await EndedAsync(gateway, job)).ShouldBe("successful");

        await _database.StopAsync();
        (await StatusAsync(gateway, "conformance")).ShouldBe(HttpStatusCode.OK);
        await gateway.KillAsync();
        await gateway.StartAgainAsync();
        await UntilAsync(async () => await StatusAsync(gateway, "conformance") == HttpStatusCode.OK);
        (await StatusAsync(gateway, "processes/echo")).ShouldBe(HttpStatusCode.OK);

        await _database.StartAgainAsync();
        await UntilAsync(async () => await StatusAsync(gateway, $"jobs/{job}") == HttpStatusCode.OK);
        (await gateway.Client.GetStringAsync(new Uri($"jobs/{job}/results", UriKind.Relative))).ShouldContain("kept");
        (await EndedAsync(gateway, await SubmitAsync(gateway, "after", pause: 0))).ShouldBe("successful");
    }

    [PostgresFact]
    public async Task A_job_is_watched_and_called_off_through_the_gateway_whichever_worker_has_it()
    {
        var (gateway, _, _) = await StartAsync();
        string[] jobs = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SubmitAsync(gateway, "x", pause: 50)))];
        var watching = gateway.Client.GetStringAsync(new Uri($"jobs/{jobs[0]}/events", UriKind.Relative));

        foreach (var job in jobs)
        {
            using var answer = await gateway.Client.DeleteAsync(new Uri($"jobs/{job}", UriKind.Relative));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
            (await EndedAsync(gateway, job)).ShouldBe("dismissed");
        }

        (await watching.WaitAsync(Patience)).ShouldContain("\"status\":\"dismissed\"");
    }

    private async Task<(RunningServer Gateway, RunningServer One, RunningServer Other)> StartAsync()
    {
        var database = await _database.CreateDatabaseAsync();
        string[] registry = ["--Discovery:Provider", "Postgres", "--Storage:ConnectionString", database, "--Security:AdminToken", "the-token-of-these-tests"];
        string[] worker = [.. registry, "--Node:Role", "Worker", "--Storage:Provider", "Postgres", "--Python:Execution", "None", "--Http:TrustedProxies", "127.0.0.1", "--Jobs:LeaseSeconds", "3"];
        var workers = await Task.WhenAll(RunningServer.StartAsync([.. worker, "--Node:Name", "one"]), RunningServer.StartAsync([.. worker, "--Node:Name", "other"]));
        _servers.AddRange(workers);
        var gateway = await RunningServer.StartAsync([.. registry, "--Node:Role", "Gateway", "--Node:Name", "gateway", "--Gateway:ProbeMilliseconds", "300"]);
        _servers.Add(gateway);
        await UntilAsync(async () => await InAsync(gateway) == 2);
        return (gateway, workers[0], workers[1]);
    }

    private static async Task<int> InAsync(RunningServer gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("admin/nodes", UriKind.Relative));
        request.Headers.Authorization = new("Bearer", "the-token-of-these-tests");
        using var answer = await gateway.Client.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("nodes").EnumerateArray().Count(node => node.GetProperty("state").GetString() == "in");
    }

    private static async Task<string> SubmitAsync(RunningServer server, string text, int pause)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("processes/echo/execution", UriKind.Relative))
        {
            Content = new StringContent($$"""{"inputs": {"literalInput": "{{text}}", "pause": {{pause}}} }""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("jobID").GetString()!;
    }

    private static async Task<string> EndedAsync(RunningServer server, string job)
    {
        var status = "";
        await UntilAsync(async () => (status = (await server.Client.GetFromJsonAsync<JsonElement>(new Uri($"jobs/{job}", UriKind.Relative))).GetProperty("status").GetString()!) is not ("accepted" or "running"));
        return status;
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningServer server, string path)
    {
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            await Task.Delay(100, patience.Token);
        }
    }
}
