using System.Diagnostics;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Discovery;

namespace GeoWps.Tests.Integration.Cluster;

/// <summary>PostgreSQL, workers and two gateways, each a process of its own, that the tests of a class share. Each begins with <see cref="MendAsync"/>, and finds all of them up.</summary>
public abstract class SplitCluster : IAsyncLifetime
{
    public const string Token = "the-token-of-these-tests";

    /// <summary>Only a test that fails sees the end of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public PostgresServer Database { get; } = new();

    public RunningServer[] Workers { get; private set; } = [];

    public RunningServer[] Gateways { get; private set; } = [];

    public RunningServer Gateway => Gateways[0];

    internal JobHistory History { get; private set; } = null!;

    protected abstract int WorkerCount { get; }

    /// <summary>Of each worker.</summary>
    protected abstract string[] WorkerSettings { get; }

    /// <summary>What is there when a worker knows its processes.</summary>
    protected abstract string Ready { get; }

    protected virtual string? WhyNot => PostgresServer.WhyNot;

    public async Task InitializeAsync()
    {
        if (WhyNot is not null)
        {
            return;
        }

        await Database.InitializeAsync();
        var connection = await Database.CreateDatabaseAsync();

        // What is committed has to outlive a crash; the tests' PostgreSQL is not set up so.
        await PostgresServer.KeepCommitsAsync(connection);
        string[] storage = ["--Storage:ConnectionString", connection];
        string[] all = ["--Security:AdminToken", Token, .. await RegistryAsync()];
        string[] worker = [.. all, .. storage, "--Node:Role", "Worker", "--Storage:Provider", "Postgres", "--Cache:Persistent:Enabled", "false", "--Http:TrustedProxies", "127.0.0.1", .. WorkerSettings];
        var workers = Task.WhenAll(Enumerable.Range(0, WorkerCount).Select(i => RunningServer.StartAsync([.. worker, "--Node:Name", $"worker{i}"])));
        var gateways = Task.WhenAll(Enumerable.Range(0, 2).Select(i => RunningServer.StartAsync(
            [.. all, .. KnowsByDatabase ? storage : [], "--Node:Role", "Gateway", "--Node:Name", $"gateway{i}", "--Gateway:ProbeMilliseconds", "200", "--Gateway:RiseSeconds", "2", "--Gateway:GiveUpSeconds", "3", "--Gateway:ProbeTimeoutMilliseconds", "1000"])));
        (Workers, Gateways) = (await workers, await gateways);
        History = await JobHistory.BeginAsync(connection);
        await MendAsync();
    }

    public virtual async Task DisposeAsync()
    {
        foreach (var server in Workers.Concat(Gateways).Where(server => server.IsRunning))
        {
            server.GoOn();
        }

        // Workers first, as an operator would: a gateway still answers while they end what they have.
        int[] codes =
        [
            .. await Task.WhenAll(Workers.Where(server => server.IsRunning).Select(server => server.StopAsync())),
            .. await Task.WhenAll(Gateways.Where(server => server.IsRunning).Select(server => server.StopAsync())),
        ];
        foreach (var server in Workers.Concat(Gateways))
        {
            await server.DisposeAsync();
        }

        await Database.DisposeAsync();
        codes.ShouldAllBe(code => code == 0, "all ended in good order");
    }

    /// <summary>All that was lost is there again, and the gateways know it.</summary>
    public async Task MendAsync()
    {
        await Task.WhenAll(Workers.Concat(Gateways).Where(server => !server.IsRunning).Select(server => server.StartAgainAsync()));
        foreach (var gateway in Gateways)
        {
            await UntilAsync(async () => (await StatesAsync(gateway)).Count(node => node.Value == "in") == WorkerCount, "the gateways know all workers");
        }

        foreach (var worker in Workers)
        {
            await UntilAsync(async () => (await SendAsync(worker, HttpMethod.Get, Ready)).Status == 200, "a worker has its processes");
        }
    }

    /// <summary>By the names of nodes: <c>in</c>, <c>out</c>.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> StatesAsync(RunningServer gateway) =>
        (await AdministerAsync(gateway, "admin/nodes")).GetProperty("nodes").EnumerateArray()
            .GroupBy(node => node.GetProperty("name").GetString()!, node => node.GetProperty("state").GetString()!)
            .ToDictionary(node => node.Key, node => node.Last());

    /// <summary>Requests that a gateway has sent to each node so far.</summary>
    /// <param name="of">Of one service only.</param>
    public static async Task<IReadOnlyDictionary<string, long>> CallsAsync(RunningServer gateway, string? of = null) =>
        (await AdministerAsync(gateway, "admin/services")).GetProperty("services").EnumerateArray().Where(service => of is null || service.GetProperty("service").GetString() == of)
            .SelectMany(service => service.GetProperty("operations").EnumerateArray())
            .GroupBy(call => call.GetProperty("node").GetString()!, call => call.GetProperty("calls").GetInt64() + call.GetProperty("inFlight").GetInt64())
            .ToDictionary(node => node.Key, node => node.Sum());

    public static async Task<Answer> SendAsync(RunningServer server, HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await server.Client.SendAsync(request);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Headers, answer.Content.Headers.ContentType?.ToString());
    }

    /// <returns>The job's id.</returns>
    public static async Task<string> SubmitAsync(RunningServer server, string process, string body) =>
        (await SendAsync(server, HttpMethod.Post, $"processes/{process}/execution", body, ("Prefer", "respond-async"))).ShouldBe(201).Json.GetProperty("jobID").GetString()!;

    public static Task<string> EchoAsync(RunningServer server, string text, double pause) =>
        SubmitAsync(server, "echo", FormattableString.Invariant($$"""{"inputs": {"literalInput": "{{text}}", "pause": {{pause}}} }"""));

    public static async Task<string> StatusAsync(RunningServer server, string job) =>
        (await SendAsync(server, HttpMethod.Get, $"jobs/{job}")).ShouldBe(200).Json.GetProperty("status").GetString()!;

    public static async Task<string> EndedAsync(RunningServer server, string job)
    {
        var status = "";
        await UntilAsync(async () => (status = await StatusAsync(server, job)) is not ("accepted" or "running"), $"job {job} ends");
        return status;
    }

    public static async Task DismissAsync(RunningServer server, string job) => (await SendAsync(server, HttpMethod.Delete, $"jobs/{job}")).ShouldBe(200);

    /// <summary>The worker that runs the job now; waits until one does.</summary>
    public async Task<RunningServer> HolderAsync(string job)
    {
        RunningServer? holder = null;
        await UntilAsync(
            async () => await History.HolderAsync(job) is { } process && (holder = Array.Find(Workers, worker => worker.ProcessId == process)) is not null, $"job {job} runs");
        return holder!;
    }

    public static Task UntilAsync(Func<Task<bool>> isSo, string what) => UntilAsync(isSo, () => what);

    public static async Task UntilAsync(Func<Task<bool>> isSo, Func<string> what)
    {
        for (var patience = Stopwatch.StartNew(); !await isSo(); await Task.Delay(50))
        {
            (patience.Elapsed < Patience).ShouldBeTrue($"in vain: {what()}");
        }
    }

    /// <summary>The registry is the database.</summary>
    protected virtual bool KnowsByDatabase => true;

    protected virtual Task<string[]> RegistryAsync() => Task.FromResult<string[]>(["--Discovery:Provider", "Postgres"]);

    private static async Task<JsonElement> AdministerAsync(RunningServer gateway, string path) =>
        (await SendAsync(gateway, HttpMethod.Get, path, null, ("Authorization", $"Bearer {Token}"))).ShouldBe(200).Json;
}

/// <summary>Two workers with one QGIS process each; PostgreSQL is the registry, too.</summary>
public sealed class QgisCluster : SplitCluster
{
    protected override int WorkerCount => 2;

    protected override string[] WorkerSettings => ["--Python:Workers", "1", "--Jobs:LeaseSeconds", "3", "--Jobs:MaxAttempts", "20"];

    protected override string Ready => "processes/native:buffer";

    protected override string? WhyNot => PostgresServer.WhyNot ?? Qgis.WhyNot;
}

/// <summary>Three workers without QGIS; an agent of Consul is the registry.</summary>
public sealed class ConsulCluster : SplitCluster
{
    internal ConsulDouble Consul { get; } = new();

    protected override int WorkerCount => 3;

    protected override string[] WorkerSettings => ["--Python:Execution", "None", "--Jobs:LeaseSeconds", "3", "--Node:DrainSeconds", "5"];

    protected override string Ready => "processes/echo";

    protected override bool KnowsByDatabase => false;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Consul.DisposeAsync();
    }

    // The agent looks each half minute, as it does unless it is told otherwise: who is down is for the gateways to find out.
    protected override async Task<string[]> RegistryAsync()
    {
        await Consul.StartAsync();
        return ["--Discovery:Provider", "Consul", "--Consul:Address", Consul.Address, "--Consul:IntervalSeconds", "600"];
    }
}
