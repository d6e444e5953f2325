using System.Diagnostics;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>From the request to its end, on a server with one QGIS process: while that works for nobody, the next job waits.</summary>
[Collection(SingleServerTests.Name)]
public sealed class LifeTests(SingleServer qgis) : IAsyncLifetime
{
    /// <summary>What takes a second at most takes less than this on the busiest machine, and what is endless far more.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>A minute's work and more.</summary>
    private static readonly object Endless = new { inputs = new { TARGET_CRS = "EPSG:4326", EXTENT = new { bbox = new[] { 0, 0, 10, 10 } }, POINTS_NUMBER = 1_000_000, MIN_DISTANCE = 0, MAX_ATTEMPTS = 1000 } };

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>A test that fails must not keep the next ones waiting.</summary>
    public async Task DisposeAsync()
    {
        if (!Qgis.IsMissing)
        {
            foreach (var job in (await JobsAsync("running")).Concat(await JobsAsync("accepted")))
            {
                await DismissAsync(job);
            }
        }
    }

    [QgisFact]
    public async Task Events_tell_progress_and_end_with_the_results()
    {
        // So many that it still runs when its events are asked for.
        var job = await qgis.SubmitAsync("native:randompointsinextent", new
        {
            inputs = new { TARGET_CRS = "EPSG:4326", EXTENT = new { bbox = new[] { 0, 0, 10, 10 } }, POINTS_NUMBER = 200_000, MIN_DISTANCE = 0 },
            outputs = new { OUTPUT = new { format = new { mediaType = "application/flatgeobuf" } } },
        });

        var events = (await qgis.GetAsync($"jobs/{job}/events")).ShouldBe(200);

        events.MediaType.ShouldBe("text/event-stream");
        var told = events.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split('\n').Where(line => line.Contains(": ")).ToDictionary(line => line[..line.IndexOf(':')], line => line[(line.IndexOf(':') + 2)..]))
            .Where(one => one.ContainsKey("event")).ToArray();
        var percents = told.Where(one => one["event"] == "progress").Select(one => JsonElement.Parse(one["data"]).GetProperty("progress").GetDouble()).ToArray();
        percents.Length.ShouldBeGreaterThan(2);
        percents.ShouldBe(percents.Order());
        told.ShouldContain(one => one["event"] == "results" && one["data"].Contains($"/jobs/{job}/results"));
        told[^1]["event"].ShouldBe("status");
        told[^1]["id"].ShouldBe("end");
        JsonElement.Parse(told[^1]["data"]).GetProperty("status").GetString().ShouldBe("successful");
    }

    [QgisFact]
    public async Task A_running_job_tells_its_progress()
    {
        var job = await qgis.SubmitAsync("native:randompointsinextent", Endless);
        await RunsAsync(job);

        await QgisServer.Until(async () => (await qgis.GetAsync($"jobs/{job}")).Json.TryGetProperty("progress", out var progress) && progress.GetInt32() > 0, "progress shows");

        await DismissAsync(job);
    }

    [QgisFact]
    public async Task A_job_that_is_dismissed_stops_at_once_and_the_next_one_runs()
    {
        var job = await qgis.SubmitAsync("native:randompointsinextent", Endless);
        await RunsAsync(job);
        var watch = Stopwatch.StartNew();

        (await DismissAsync(job)).Json.GetProperty("status").GetString().ShouldBe("dismissed");
        await ShouldBeFreeAsync();

        watch.Elapsed.ShouldBeLessThan(Soon);
        (await qgis.GetAsync($"jobs/{job}/results")).ShouldBe(410);
        (await DismissAsync(job)).Json.GetProperty("status").GetString().ShouldBe("dismissed");
        (await qgis.GetAsync($"jobs/{job}")).ShouldBe(404);
    }

    [QgisFact]
    public async Task A_waiting_job_is_dismissed_before_it_begins()
    {
        var first = await qgis.SubmitAsync("native:randompointsinextent", Endless);
        await RunsAsync(first);
        var second = await qgis.SubmitAsync("native:randompointsinextent", Endless);
        (await qgis.StatusOfAsync(second)).ShouldBe("accepted");

        await DismissAsync(second);
        (await qgis.StatusOfAsync(second)).ShouldBe("dismissed");
        (await qgis.StatusOfAsync(first)).ShouldBe("running");

        await DismissAsync(first);
        await ShouldBeFreeAsync();
    }

    [QgisFact]
    public async Task A_tool_that_was_started_stops_with_its_job()
    {
        var dem = qgis.Files.Put("dem.tif", await File.ReadAllBytesAsync(Sample.Dem));
        var job = await qgis.SubmitAsync("gdal:warpreproject", new
        {
            inputs = new { INPUT = new { href = dem }, TARGET_RESOLUTION = 0.00001, RESAMPLING = 4, TARGET_CRS = "EPSG:4326" },
        });
        await QgisServer.Until(() => Task.FromResult(Tools("gdalwarp").Count > 0), "gdalwarp starts");
        var watch = Stopwatch.StartNew();

        await DismissAsync(job);
        await QgisServer.Until(() => Task.FromResult(Tools("gdalwarp").Count == 0), "gdalwarp ends");
        await ShouldBeFreeAsync();

        watch.Elapsed.ShouldBeLessThan(Soon);
    }

    [QgisFact]
    public async Task A_caller_who_hangs_up_stops_the_work()
    {
        using var patience = new CancellationTokenSource();
        using var content = new StringContent(JsonSerializer.Serialize(Endless), System.Text.Encoding.UTF8, "application/json");
        var waiting = qgis.Server.Client.PostAsync(new Uri("processes/native:randompointsinextent/execution", UriKind.Relative), content, patience.Token);
        var job = "";
        await QgisServer.Until(
            async () => (job = (await JobsAsync("running")).SingleOrDefault() ?? "").Length > 0,
            "the job runs");

        await patience.CancelAsync();
        var watch = Stopwatch.StartNew();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        await ShouldBeFreeAsync();

        watch.Elapsed.ShouldBeLessThan(Soon);
        (await qgis.StatusOfAsync(job)).ShouldBe("dismissed");
    }

    [QgisFact]
    public async Task Nothing_of_a_job_stays_in_the_work_folder()
    {
        await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = Sample.Read(Sample.Countries) } });
        await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = Sample.CountriesAndTwoInvalid() } });
        var job = await qgis.SubmitAsync("native:randompointsinextent", Endless);
        await RunsAsync(job);
        await QgisServer.Until(() => Task.FromResult(LeftOf().Count > 0), "the work folder holds the job's files");
        await DismissAsync(job);
        await ShouldBeFreeAsync();

        await QgisServer.Until(() => Task.FromResult(LeftOf().Count == 0), "the work folder is empty");
    }

    [QgisFact]
    public async Task A_log_is_kept_with_its_job_and_names_no_path()
    {
        var dem = qgis.Files.Put("logged.tif", await File.ReadAllBytesAsync(Sample.Dem));
        var job = await qgis.SubmitAsync("gdal:hillshade", new { inputs = new { INPUT = new { href = dem } } });
        (await qgis.EndOfAsync(job)).ShouldBe("successful");

        var log = (await qgis.GetAsync($"jobs/{job}/log")).ShouldBe(200).Text;

        log.ShouldContain("gdaldem");
        log.ShouldContain("logged.tif");
        log.ShouldNotContain("/tmp/");
    }

    /// <summary>The folders of jobs.</summary>
    private List<string> LeftOf() =>
        [.. Directory.GetDirectories(Path.Combine(qgis.Server.Directory, "work"), "*-1", SearchOption.TopDirectoryOnly)];

    private async Task RunsAsync(string job) => await QgisServer.Until(async () => await qgis.StatusOfAsync(job) == "running", $"job {job} runs");

    /// <summary>Its one process takes a job.</summary>
    private async Task ShouldBeFreeAsync() => (await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = Sample.Point(1, 1) } })).ShouldBe(200).FeatureCount.ShouldBe(1);

    private async Task<Answer> DismissAsync(string job) => (await qgis.SendAsync(HttpMethod.Delete, $"jobs/{job}", null)).ShouldBe(200);

    private async Task<string[]> JobsAsync(string status) =>
        [.. (await qgis.GetAsync($"jobs?status={status}")).ShouldBe(200).Json.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("jobID").GetString()!)];

    private List<int> Tools(string name) => [.. PoolProcesses.Below(qgis.Server.ProcessId).Where(process => NameOf(process) == name)];

    private static string NameOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
