using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary><c>Python:Execution=InProcess</c>: QGIS inside the server.</summary>
public sealed class InProcessTests
{
    /// <summary>A script that keeps QGIS's start from going on, when a file beside it names the work folder, until the server has closed its socket there.</summary>
    private const string Slow = """
        import glob, os, time

        folder = os.path.dirname(__file__)
        if os.path.exists(os.path.join(folder, 'wait')):
            os.rename(os.path.join(folder, 'wait'), os.path.join(folder, 'waiting'))
            with open(os.path.join(folder, 'waiting')) as file:
                work = file.read()
            while glob.glob(os.path.join(work, 's-*', 'host')):
                time.sleep(0.01)
        """;

    [QgisFact]
    public async Task The_server_with_QGIS_inside_runs_jobs_of_both_kinds_and_ends_cleanly()
    {
        await using var server = await RunningServer.StartAsync("--Python:Execution", "InProcess");
        await QgisServer.Until(async () => (await StatusAsync(server, "/processes/native:buffer")) == 200, "QGIS tells its algorithms");

        var atOnce = await BufferAsync(server, prefer: null);
        var later = await BufferAsync(server, "respond-async");
        var job = later["jobID"]!.GetValue<string>();
        await QgisServer.Until(async () => await StateAsync(server, job) is not ("accepted" or "running"), "the job ends");
        var results = await server.Client.GetFromJsonAsync<JsonNode>(new Uri($"/jobs/{job}/results", UriKind.Relative));

        atOnce["features"]!.AsArray().Count.ShouldBe(1);
        (await StateAsync(server, job)).ShouldBe("successful");
        results!.ToJsonString().ShouldContain("Polygon");
        PoolProcesses.Below(server.ProcessId).ShouldBeEmpty();
        await EndsCleanlyAsync(server);
    }

    [QgisFact]
    public async Task The_server_ends_cleanly_while_QGIS_inside_starts()
    {
        var scripts = Directory.CreateTempSubdirectory("geowps-scripts-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(scripts, "slow.py"), Slow);
            await using var server = await RunningServer.StartAsync("--Python:Execution", "InProcess", "--Processes:ScriptsDirectory", scripts);
            await QgisServer.Until(() => Task.FromResult(File.Exists(Path.Combine(server.Directory, "cache", "catalogue.json"))), "the list of processes is kept");
            await EndsCleanlyAsync(server);

            // With that list the server is ready before QGIS is.
            await File.WriteAllTextAsync(Path.Combine(scripts, "wait"), Path.Combine(server.Directory, "work"));
            await server.StartAgainAsync();
            await QgisServer.Until(() => Task.FromResult(File.Exists(Path.Combine(scripts, "waiting"))), "QGIS is in the middle of its start");
            await EndsCleanlyAsync(server);

            server.Log.Count(line => line.Contains("QGIS starts in this process", StringComparison.Ordinal)).ShouldBe(2);
            server.Log.Count(line => line.Contains("QGIS is ready in this process", StringComparison.Ordinal)).ShouldBe(1);
        }
        finally
        {
            Directory.Delete(scripts, recursive: true);
        }
    }

    [QgisFact]
    public async Task The_server_ends_cleanly_while_QGIS_inside_works()
    {
        await using var server = await RunningServer.StartAsync("--Python:Execution", "InProcess", "--Node:DrainSeconds", "1");
        await QgisServer.Until(async () => (await StatusAsync(server, "/processes/native:buffer")) == 200, "QGIS tells its algorithms");
        var job = (await ExecuteAsync(
            server,
            "native:randompointsinextent",
            new { inputs = new { EXTENT = new { bbox = new[] { 0, 0, 10, 10 } }, POINTS_NUMBER = 3_000_000, TARGET_CRS = "EPSG:4326" } },
            "respond-async"))["jobID"]!.GetValue<string>();
        await QgisServer.Until(async () => await StateAsync(server, job) == "running", "the job runs");

        await EndsCleanlyAsync(server);
    }

    private static async Task EndsCleanlyAsync(RunningServer server)
    {
        var since = Stopwatch.StartNew();
        (await server.StopAsync()).ShouldBe(0, string.Join('\n', server.Log.TakeLast(20)));

        // Before whatever still ran were ended by force.
        since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(25));
        server.Errors.ShouldBeEmpty();
        server.Log.ShouldNotContain(line => line.Contains("Exception", StringComparison.Ordinal) || line.Contains("Traceback", StringComparison.Ordinal) || line.Contains("QThread", StringComparison.Ordinal));
        Directory.GetFileSystemEntries(Path.Combine(server.Directory, "work")).ShouldBeEmpty();
    }

    private static Task<JsonNode> BufferAsync(RunningServer server, string? prefer) =>
        ExecuteAsync(server, "native:buffer", new { inputs = new { INPUT = Sample.Point(5, 50), DISTANCE = 1 } }, prefer);

    private static async Task<JsonNode> ExecuteAsync(RunningServer server, string process, object body, string? prefer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/processes/{process}/execution") { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        using var answer = await server.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(prefer is null ? 200 : 201, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<int> StatusAsync(RunningServer server, string path)
    {
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
        return (int)answer.StatusCode;
    }

    private static async Task<string> StateAsync(RunningServer server, string job) =>
        (await server.Client.GetFromJsonAsync<JsonElement>(new Uri($"/jobs/{job}", UriKind.Relative))).GetProperty("status").GetString()!;
}
