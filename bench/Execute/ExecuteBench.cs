using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;
using Spectre.Console;
using static GeoWps.Bench.Report;

namespace GeoWps.Bench.Execute;

/// <summary>What executing costs beyond the algorithm itself. Server and baseline take turns on the same two cores.</summary>
internal static class ExecuteBench
{
    private const int Rounds = 5;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var figures = new List<Figure>();
        using var baseline = await QgisBaseline.StartAsync();
        var folder = Directory.CreateTempSubdirectory("geowps-bench-").FullName;
        await (await StepAsync("first start", () => ServerProcess.StartAsync(2, folder))).StopAsync();
        await using (var server = await StepAsync("second start", () => ServerProcess.StartAsync(2, folder)))
        {
            var seconds = server.StartedIn.TotalSeconds;
            figures.Add(new("second start to first answer", $"{seconds.ToString("0.00", CultureInfo.InvariantCulture)} s", null, "below 3 s", seconds < 3));
            figures.Add(await SmallAsync(server, baseline));
            figures.Add(await EightClientsAsync(server));
            figures.Add(await LargeAsync(server, baseline));
            figures.AddRange(await CatalogueAsync(server));
            figures.Add(await ReplacementAsync(server));
        }

        figures.Add(await ScalingAsync());
        figures.Add(await IdleMemoryAsync());
        return figures;
    }

    private static Task<Figure> SmallAsync(ServerProcess server, QgisBaseline baseline) => StepAsync("10 points, one client", async () =>
    {
        var (ours, limit) = (new List<double>(), new List<double>());
        await TimeAsync(server, Requests.TenPoints, 50);
        for (var round = 0; round < Rounds; round++)
        {
            limit.AddRange(await baseline.MeasureAsync("points 60"));
            ours.AddRange(await TimeAsync(server, Requests.TenPoints, 60));
        }

        var more = Median(ours) - Median(limit);
        return new Figure("10 points to GeoJSON, synchronous, one client: more than the algorithm",
            $"{Milliseconds(more)} ({Milliseconds(Median(ours))})", $"warm QGIS, memory layers: {Milliseconds(Median(limit))}", "at most 10 ms", more <= 10);
    });

    private static Task<Figure> EightClientsAsync(ServerProcess server) => StepAsync("10 points, eight clients", async () =>
    {
        var duration = TimeSpan.FromSeconds(8);
        await LoadAsync(server, Requests.TenPoints, 8, TimeSpan.FromSeconds(2));
        var done = await LoadAsync(server, Requests.TenPoints, 8, duration);
        var rate = done / duration.TotalSeconds;
        return new Figure("10 points, eight clients, server on two cores", $"{rate.ToString("0", CultureInfo.InvariantCulture)} a second", null, "at least 100", rate >= 100);
    });

    private static Task<Figure> LargeAsync(ServerProcess server, QgisBaseline baseline) => StepAsync("10,000 polygons", async () =>
    {
        var file = Path.Combine(server.Folder, "polygons.geojson");
        await File.WriteAllTextAsync(file, Requests.Polygons);
        var body = Requests.Buffer(Requests.Polygons);
        var (ours, limit) = (new List<double>(), new List<double>());
        // The runtime compiles what is hot in steps; a server that has been up for a while is past them.
        await TimeAsync(server, body, 12);
        for (var round = 0; round < Rounds; round++)
        {
            limit.AddRange(await baseline.MeasureAsync($"polygons {file} 3"));
            ours.AddRange(await TimeAsync(server, body, 3));
        }

        var ratio = Median(ours) / Median(limit);
        return new Figure("10,000 polygons, GeoJSON in and out, synchronous", $"{Ratio(ratio)} times ({Milliseconds(Median(ours))})",
            $"FlatGeobuf to FlatGeobuf in QGIS: {Milliseconds(Median(limit))}", "at most 2 times", ratio <= 2);
    });

    private static Task<Figure[]> CatalogueAsync(ServerProcess server) => StepAsync("catalogue", async () =>
    {
        var figures = new List<Figure>();
        foreach (var (name, path) in new[] { ("the list of processes", "/processes?limit=1000"), ("one description", "/processes/native:buffer") })
        {
            var times = new List<double>();
            for (var i = 0; i < 300; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
                await answer.Content.CopyToAsync(Stream.Null);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            figures.Add(new Figure(name, Milliseconds(Median(times)), null, "below 3 ms", Median(times) < 3));
        }

        return figures.ToArray();
    });

    /// <summary>From the death of a worker to the first sign of its successor.</summary>
    private static Task<Figure> ReplacementAsync(ServerProcess server) => StepAsync("a killed worker", async () =>
    {
        var times = new List<double>();
        for (var round = 0; round < 10; round++)
        {
            var before = Leaves(server.Id);
            PoolProcesses.Send(before[^1], 9);
            var started = Stopwatch.GetTimestamp();
            while (!Leaves(server.Id).Except(before).Any() && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10))
            {
                await Task.Delay(1);
            }

            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(300);
        }

        return new Figure("a killed worker is replaced", Milliseconds(Median(times)), null, "within 100 ms", Median(times) <= 100);
    });

    private static Task<Figure> ScalingAsync() => StepAsync("two workers against one", async () =>
    {
        var countries = await File.ReadAllTextAsync(Path.Combine(Root, "samples", "countries.geojson"));
        var duration = TimeSpan.FromSeconds(6);
        var (one, two) = (0.0, 0.0);
        await using var single = await ServerProcess.StartAsync(1);
        await using var pair = await ServerProcess.StartAsync(2);
        var (ofSingle, ofPair) = (await KeptAsync(single, countries), await KeptAsync(pair, countries));
        await LoadAsync(single, ofSingle, 4, duration);
        await LoadAsync(pair, ofPair, 4, duration);
        for (var round = 0; round < 3; round++)
        {
            one += await LoadAsync(single, ofSingle, 4, duration);
            two += await LoadAsync(pair, ofPair, 4, duration);
        }

        return new Figure("two workers on two cores: buffers of all countries, dissolved", $"{Ratio(two / one)} times", $"one worker: {Ratio(one / 3 / duration.TotalSeconds)} a second", "at least 1.8 times", two / one >= 1.8);
    });

    /// <summary>Puts a layer on a server, as a result, and asks for the work on it.</summary>
    private static async Task<byte[]> KeptAsync(ServerProcess server, string collection)
    {
        using var answer = await SendAsync(server, Requests.Keep(collection));
        var results = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());
        return Requests.Dissolve(results.GetProperty("OUTPUT").GetProperty("href").GetString()!);
    }

    private static Task<Figure> IdleMemoryAsync() => StepAsync("memory", async () =>
    {
        await using var server = await ServerProcess.StartAsync(8);
        await Task.Delay(TimeSpan.FromSeconds(5));
        var memory = server.Memory();
        return new Figure("idle with eight workers, proportional set size", $"{memory.ToString("0", CultureInfo.InvariantCulture)} MiB", null, "below 500 MiB", memory < 500);
    });

    private static async Task<double[]> TimeAsync(ServerProcess server, byte[] body, int count)
    {
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await PostAsync(server, body);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return times;
    }

    /// <returns>Requests answered in that time.</returns>
    private static async Task<int> LoadAsync(ServerProcess server, byte[] body, int clients, TimeSpan duration)
    {
        var done = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                await PostAsync(server, body);
                if (Stopwatch.GetElapsedTime(started) < duration)
                {
                    Interlocked.Increment(ref done);
                }
            }
        }));
        return done;
    }

    private static async Task PostAsync(ServerProcess server, byte[] body)
    {
        using var answer = await SendAsync(server, body);
        await answer.Content.CopyToAsync(Stream.Null);
    }

    private static async Task<HttpResponseMessage> SendAsync(ServerProcess server, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var answer = await server.Client.PostAsync(new Uri("/processes/native:buffer/execution", UriKind.Relative), content);
        return answer.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Processes without children: the forked workers.</summary>
    private static List<int> Leaves(int server) => [.. PoolProcesses.Below(server).Where(process => PoolProcesses.Below(process).Count == 0)];
}
