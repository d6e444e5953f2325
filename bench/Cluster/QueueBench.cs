using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoWps.Bench.Execute;
using GeoWps.Bench.Tiles;
using GeoWps.Tests.Integration.Fixtures;
using Npgsql;
using static GeoWps.Bench.Report;

namespace GeoWps.Bench.Cluster;

/// <summary>What the queue of a cluster takes and gives, with PostgreSQL that flushes each commit to disk, all on the same two cores.</summary>
internal static partial class QueueBench
{
    private const int Clients = 32;
    private const int LeaseSeconds = 3;
    private const int SubmitSeconds = 6;
    private const int InsertSeconds = 4;
    private const int Jobs = 16;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("geowps-bench-").FullName;
        await using var postgres = await PrivatePostgres.StartAsync(isDurable: true);
        try
        {
            return [.. await SubmitsAsync(postgres, folder), await DeathAsync(postgres, folder), await PairAsync(postgres, folder)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Submits of a process that takes no time, to one worker; before each round, rows of the same database by PostgreSQL's own client.</summary>
    private static async Task<IEnumerable<Figure>> SubmitsAsync(PrivatePostgres postgres, string folder)
    {
        await using var worker = await WorkerAsync(postgres, folder, "submits", "/processes/echo", "--Python:Execution", "None", "--Jobs:MaxQueued", "1000000");
        await SqlAsync(postgres, "CREATE TABLE bench_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text)");
        await SubmitAsync(worker, 3);
        var (inserts, submits, ends) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= 3; round++)
        {
            inserts.Add(await StepAsync($"rows by pgbench, round {round}", () => InsertAsync(postgres)));
            await SqlAsync(postgres, "DELETE FROM geowps.jobs");
            var (answered, seconds) = await StepAsync($"submits, round {round}", () => SubmitAsync(worker, SubmitSeconds));
            var (stored, ended) = (await NumberAsync(postgres, "SELECT count(*) FROM geowps.jobs"), await NumberAsync(postgres, "SELECT count(*) FROM geowps.jobs WHERE status = 'successful'"));
            if (stored < answered)
            {
                throw new InvalidOperationException($"{answered} were accepted, {stored} are there.");
            }

            submits.Add(answered / seconds);
            ends.Add(ended / seconds);
        }

        var (rate, limit) = (Median(submits), Median(inserts));
        return
        [
            new($"durable asynchronous submits, {Clients} connections", $"{Whole(rate)} a second", $"one-row transactions by pgbench, {Clients} connections: {Whole(limit)} a second", "at least 500", rate >= 500),
            new("jobs ended in the same time", $"{Whole(Median(ends))} a second", $"{Ratio(Median(ends) / rate)} of the submits", null, null),
        ];
    }

    /// <summary>By the database's clock, as all leases are.</summary>
    private static async Task<Figure> DeathAsync(PrivatePostgres postgres, string folder)
    {
        string[] settings = ["--Python:Execution", "None", "--Jobs:LeaseSeconds", $"{LeaseSeconds}"];
        await using var other = await WorkerAsync(postgres, folder, "other", "/processes/echo", settings);
        var (fromDeath, fromLease) = (new List<double>(), new List<double>());
        for (var round = 1; round <= 3; round++)
        {
            await StepAsync($"death of a worker, round {round}", async () =>
            {
                await using var worker = await WorkerAsync(postgres, folder, $"dying{round}", "/processes/echo", settings);
                var job = await PostAsync(worker, "echo", Encoding.UTF8.GetBytes("""{"inputs": {"literalInput": "x", "pause": 50} }"""));
                await Task.Delay(1500);
                PoolProcesses.Send(worker.Id, 9);
                var death = await NumberAsync(postgres, "SELECT geowps.now_ms()");
                var lease = await NumberAsync(postgres, $"SELECT lease_until FROM geowps.jobs WHERE id = '{job}'");
                while (await NumberAsync(postgres, $"SELECT count(*) FROM geowps.jobs WHERE id = '{job}' AND status = 'running' AND attempt = 2") == 0)
                {
                    await Task.Delay(20);
                }

                var again = await NumberAsync(postgres, $"SELECT started FROM geowps.jobs WHERE id = '{job}'");
                fromDeath.Add((again - death) / 1000.0);
                fromLease.Add((again - lease) / 1000.0);
                using var dismissed = await other.Client.DeleteAsync(new Uri($"/jobs/{job}", UriKind.Relative));
                return true;
            });
        }

        return new(
            $"from a worker's death until its job runs elsewhere (Jobs:LeaseSeconds {LeaseSeconds})",
            $"{Ratio(Median(fromDeath))} s",
            $"after the lease's end: {Ratio(Median(fromLease))} s",
            "2 s after the lease's end",
            fromLease.Max() <= 2);
    }

    /// <summary>The same jobs of QGIS by one worker, while the other stands still, and by both; one QGIS process each.</summary>
    private static async Task<Figure> PairAsync(PrivatePostgres postgres, string folder)
    {
        string[] settings = ["--Python:Workers", "1"];
        await using var one = await WorkerAsync(postgres, folder, "one", "/processes/native:buffer", settings);
        await using var other = await WorkerAsync(postgres, folder, "two", "/processes/native:buffer", settings);
        var kept = await PostAsync(one, "native:buffer", Requests.Keep(await File.ReadAllTextAsync(Path.Combine(Root, "samples", "countries.geojson"))));
        await EndedAsync(postgres);
        var body = Requests.Dissolve($"/jobs/{kept}/results/OUTPUT");
        await RunAsync(postgres, one, body);
        var (alone, both, busyAlone, busyBoth) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= 3; round++)
        {
            PoolProcesses.Send(other.Id, 19);
            try
            {
                var (seconds, busy) = await StepAsync($"one worker, round {round}", () => MeasureAsync(postgres, one, other, body));
                alone.Add(seconds);
                busyAlone.Add(busy);
            }
            finally
            {
                PoolProcesses.Send(other.Id, 18);
            }

            var (pair, busyPair) = await StepAsync($"two workers, round {round}", () => MeasureAsync(postgres, one, other, body));
            both.Add(pair);
            busyBoth.Add(busyPair);
        }

        return new(
            "work of two workers on two cores, with PostgreSQL: buffers of all countries, dissolved",
            $"{Ratio(Median(alone) / Median(both))} times ({Ratio(Jobs / Median(both))} jobs a second, {Ratio(Median(busyBoth))} cores busy)",
            $"one worker: {Ratio(Jobs / Median(alone))} a second, {Ratio(Median(busyAlone))} cores busy",
            null,
            null);
    }

    /// <returns>Seconds, and how many cores the workers with their QGIS kept busy.</returns>
    private static async Task<(double Seconds, double Busy)> MeasureAsync(PrivatePostgres postgres, ServerProcess one, ServerProcess other, byte[] body)
    {
        int[] processes = [one.Id, .. PoolProcesses.Below(one.Id), other.Id, .. PoolProcesses.Below(other.Id)];
        var before = processes.Sum(Load.TicksOf);
        var seconds = await RunAsync(postgres, one, body);
        return (seconds, (processes.Sum(Load.TicksOf) - before) / 100.0 / seconds);
    }

    private static async Task<double> RunAsync(PrivatePostgres postgres, ServerProcess worker, byte[] body)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Jobs).Select(_ => PostAsync(worker, "native:buffer", body)));
        await EndedAsync(postgres);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task EndedAsync(PrivatePostgres postgres)
    {
        while (await NumberAsync(postgres, "SELECT count(*) FROM geowps.jobs WHERE status IN ('accepted', 'running')") > 0)
        {
            await Task.Delay(20);
        }

        if (await NumberAsync(postgres, "SELECT count(*) FROM geowps.jobs WHERE status = 'failed'") > 0)
        {
            throw new InvalidOperationException("A job failed.");
        }
    }

    private static Task<ServerProcess> WorkerAsync(PrivatePostgres postgres, string folder, string name, string first, params string[] settings) => ServerProcess.StartAsync(
        Path.Combine(folder, name),
        first,
        [
            "--Node:Role", "Worker", "--Node:Name", name, "--Storage:Provider", "Postgres", "--Storage:ConnectionString", $"{postgres.ConnectionString};Maximum Pool Size=40",
            "--Cache:Persistent:Enabled", "false", "--Logging:LogLevel:Default", "Warning", .. settings,
        ]);

    /// <returns>The job's id.</returns>
    private static async Task<string> PostAsync(ServerProcess worker, string process, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/processes/{process}/execution", UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await worker.Client.SendAsync(request);
        var said = await answer.Content.ReadAsByteArrayAsync();
        return answer.IsSuccessStatusCode ? JsonElement.Parse(said).GetProperty("jobID").GetString()! : throw new InvalidOperationException(Encoding.UTF8.GetString(said));
    }

    private static async Task<(double Answered, double Seconds)> SubmitAsync(ServerProcess worker, int seconds)
    {
        var said = await SayAsync(
            "wrk", "-t1", $"-c{Clients}", $"-d{seconds}s", "-s", Path.Combine(AppContext.BaseDirectory, "submit.lua"), new Uri(worker.Client.BaseAddress!, "/processes/echo/execution").ToString());
        return Answers().Match(said) is { Success: true } answers && !said.Contains("Non-2xx", StringComparison.Ordinal) && !said.Contains("Socket errors", StringComparison.Ordinal)
            ? (Value(answers.Groups[1].Value), Value(answers.Groups[2].Value))
            : throw new InvalidOperationException($"wrk: {said}");
    }

    /// <returns>Transactions a second.</returns>
    private static async Task<double> InsertAsync(PrivatePostgres postgres)
    {
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, "INSERT INTO bench_row (text) VALUES (repeat('x', 500));\n");
            var said = await SayAsync(
                "pgbench", "-n", "-M", "prepared", "-c", $"{Clients}", "-j", "1", "-T", $"{InsertSeconds}", "-f", script, "-h", postgres.Folder, "-p", $"{PrivatePostgres.Port}", "-U", "geowps", "postgres");
            return Value(Transactions().Match(said).Groups[1].Value);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static async Task<string> SayAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program}: {await errors}");
    }

    private static async Task SqlAsync(PrivatePostgres postgres, string sql)
    {
        await using var command = new NpgsqlCommand(sql, postgres.Connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> NumberAsync(PrivatePostgres postgres, string sql)
    {
        await using var command = new NpgsqlCommand(sql, postgres.Connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static double Value(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Whole(double value) => value.ToString("0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) requests in ([\d.]+)s")]
    private static partial Regex Answers();

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Transactions();
}
