using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Records;

/// <summary>Two nodes that share a database, each a process of its own, and one source.</summary>
public sealed class HarvestClusterTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string Token = "token-of-the-tests-0";

    [PostgresFact]
    public async Task Of_two_jobs_that_two_nodes_start_at_once_one_reads_the_source_and_the_other_says_who_does()
    {
        using var list = new HeldList("id,title\n1,One\n2,Two\n");
        string[] cluster = ["--Storage:Provider", "Postgres", "--Storage:ConnectionString", await postgres.CreateDatabaseAsync(), "--Security:AdminToken", Token];
        await using var one = await RunningServer.StartAsync([.. cluster, "--Node:Name", "one"]);
        await using var two = await RunningServer.StartAsync([.. cluster, "--Node:Name", "two"]);
        await SendAsync(one, HttpMethod.Put, "admin/sources/list", $$$"""{"kind":"list","settings":{"url":"{{{list.Address}}}"}}""");

        // As jobs of the process: to start a source by its own address is refused while one runs.
        const string Execute = """{"inputs":{"source":"list"}}""";
        var jobs = (await Task.WhenAll(new[] { one, two }.Select(node => SendAsync(node, HttpMethod.Post, "processes/geowps:harvest/execution", Execute)))).Select(job => job.GetProperty("jobID").GetString()!).ToArray();

        // The source answers only when one of them has given up.
        var refused = await UntilAsync(async () => (await StatesAsync(two, jobs)).SingleOrDefault(job => job.GetProperty("status").GetString() == "failed") is { ValueKind: JsonValueKind.Object } job ? job : null);
        var reader = jobs.Single(job => job != refused.GetProperty("jobID").GetString());
        refused.GetProperty("message").GetString()!.ShouldContain($"job {reader} reads this source already");
        (await Task.WhenAll(new[] { one, two }.Select(node => StatusAsync(node, HttpMethod.Post, "admin/sources/list/run")))).ShouldAllBe(status => status == HttpStatusCode.Conflict);
        list.GoOn();

        await UntilAsync(async () => (await StatesAsync(one, jobs)).SingleOrDefault(job => job.GetProperty("status").GetString() == "successful") is { ValueKind: JsonValueKind.Object } job ? job : null);
        list.Asked.ShouldBe(1);
        foreach (var node in new[] { one, two })
        {
            var last = (await SendAsync(node, HttpMethod.Get, "admin/sources/list", null)).GetProperty("last");
            (last.GetProperty("outcome").GetString(), last.GetProperty("jobID").GetString(), last.GetProperty("added").GetInt32()).ShouldBe(("successful", reader, 2));
            (await SendAsync(node, HttpMethod.Get, "collections/records/items?source=list&ids=list:1,list:2", null)).GetProperty("numberMatched").GetInt32().ShouldBe(2);
            node.Errors.ShouldBeEmpty();
        }
    }

    private static Task<JsonElement[]> StatesAsync(RunningServer server, string[] jobs) => Task.WhenAll(jobs.Select(job => SendAsync(server, HttpMethod.Get, $"jobs/{job}", null)));

    private static async Task<JsonElement> UntilAsync(Func<Task<JsonElement?>> find)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1); await Task.Delay(100))
        {
            if (await find() is { } found)
            {
                return found;
            }
        }

        throw new TimeoutException();
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningServer server, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await server.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<JsonElement> SendAsync(RunningServer server, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await server.Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        return JsonElement.Parse(body);
    }

    /// <summary>A list that comes when a test says so.</summary>
    private sealed class HeldList : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] _content;
        private int _asked;

        public HeldList(string content)
        {
            _content = Encoding.UTF8.GetBytes(content);
            Address = $"http://127.0.0.1:{FreePorts.Next()}/list.csv";
            _listener.Prefixes.Add(Address[..(Address.LastIndexOf('/') + 1)]);
            _listener.Start();
            _ = ServeAsync();
        }

        public string Address { get; }

        public int Asked => _asked;

        public void GoOn() => _goOn.TrySetResult();

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    Interlocked.Increment(ref _asked);
                    await _goOn.Task;
                    context.Response.ContentType = "text/csv";
                    await context.Response.OutputStream.WriteAsync(_content);
                    context.Response.Close();
                }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
