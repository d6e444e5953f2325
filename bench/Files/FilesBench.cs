using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using GeoWps.Bench.Tiles;

namespace GeoWps.Bench.Files;

/// <summary>
/// Files going in and out, beside nginx on the same disk (static files; WebDAV PUT), in turns within one run. What is told is how much of nginx's throughput the server has. nginx answers a PUT when the file is
/// written; the server when it is flushed to the disk, its owner and checksum kept, and a second name given.
/// </summary>
internal static class FilesBench
{
    private const double Goal = 0.7;
    private const int LargeMb = 256;
    private const int LargeRounds = 5;
    private const int SmallRounds = 5;
    private const int SmallRequests = 400;
    private const int Connections = 8;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("geowps-bench-files-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "files"));
            await using var server = await ServerProcess.StartAsync(Path.Combine(folder, "data"), "/conformance", "--Python:Execution", "None", "--Logging:LogLevel:Default", "Warning");
            await using var nginx = await Nginx.WithUploadsAsync(folder);
            using var theirs = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = nginx.Address };
            var (ours, figures) = (server.Client, new List<Figure>());
            foreach (var (name, bytes) in new[] { ("1 kB", 1_000), ("100 kB", 100_000) })
            {
                var content = RandomNumberGenerator.GetBytes(bytes);
                figures.Add(await SmallAsync($"upload, {name}", content, ours, theirs, PutAsync));
                figures.Add(await SmallAsync($"download, {name}", content, ours, theirs, GetAsync));
            }

            var large = Path.Combine(folder, "large");
            await MakeAsync(large);
            var startMemory = HighWater(server.Id);
            figures.Add(await LargeAsync($"upload by PUT, {LargeMb} MiB", ours, theirs, () => PutAsync(ours, large), () => PutAsync(theirs, large), goal: null));
            figures.Add(await LargeAsync($"upload by tus, {LargeMb} MiB", ours, theirs, () => TusAsync(ours, large), () => PutAsync(theirs, large), goal: null));
            figures.Add(await LargeAsync($"download, {LargeMb} MiB", ours, theirs, () => GetAsync(ours, "files/large"), () => GetAsync(theirs, "files/large"), Goal));
            figures.Add(new Figure("the server's memory at its highest", $"{HighWater(server.Id):0} MiB", $"{startMemory:0} MiB before the large files", null, null));
            return figures;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Figure> SmallAsync(string name, byte[] content, HttpClient ours, HttpClient theirs, Func<HttpClient, string, byte[], Task> one)
    {
        var (us, them) = (new List<double>(), new List<double>());
        for (var round = 0; round <= SmallRounds; round++)
        {
            foreach (var (client, rates) in new[] { (ours, us), (theirs, them) })
            {
                var began = Stopwatch.GetTimestamp();
                await Parallel.ForAsync(0, SmallRequests, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, _) => await one(client, $"files/small{content.Length}-{i}", content));

                // The first round is for warming up.
                if (round > 0)
                {
                    rates.Add(SmallRequests / Stopwatch.GetElapsedTime(began).TotalSeconds);
                }
            }
        }

        return Compare(name, Report.Median(us), Report.Median(them), "requests/s", goal: null);
    }

    private static async Task<Figure> LargeAsync(string name, HttpClient ours, HttpClient theirs, Func<Task> us, Func<Task> them, double? goal)
    {
        var (mine, others) = (new List<double>(), new List<double>());
        for (var round = 0; round <= LargeRounds; round++)
        {
            foreach (var (act, rates) in new[] { (us, mine), (them, others) })
            {
                var began = Stopwatch.GetTimestamp();
                await act();
                if (round > 0)
                {
                    rates.Add(LargeMb / Stopwatch.GetElapsedTime(began).TotalSeconds);
                }
            }
        }

        return Compare(name, Report.Median(mine), Report.Median(others), "MiB/s", goal);
    }

    private static Figure Compare(string name, double ours, double theirs, string unit, double? goal)
    {
        var ratio = ours / theirs;
        return new Figure(
            name,
            $"{Report.Ratio(ratio)} ({Text(ours)} {unit})",
            $"nginx {Text(theirs)} {unit}",
            goal is { } least ? $"at least {Report.Ratio(least)}" : null,
            goal is { } bound ? ratio >= bound : null);
    }

    private static async Task PutAsync(HttpClient client, string path, byte[] content)
    {
        using var answer = await client.PutAsync(new Uri(path, UriKind.Relative), new ByteArrayContent(content));
        answer.EnsureSuccessStatusCode();
    }

    private static Task GetAsync(HttpClient client, string path, byte[] content) => GetAsync(client, path);

    private static async Task GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync();
        await body.CopyToAsync(Stream.Null, 256 * 1024);
    }

    private static async Task PutAsync(HttpClient client, string file)
    {
        await using var content = File.OpenRead(file);
        using var answer = await client.PutAsync(new Uri("files/large", UriKind.Relative), new StreamContent(content, 256 * 1024));
        answer.EnsureSuccessStatusCode();
    }

    private static async Task TusAsync(HttpClient client, string file)
    {
        await using var content = File.OpenRead(file);
        using var request = new HttpRequestMessage(HttpMethod.Post, "uploads") { Content = new StreamContent(content, 256 * 1024) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.TryAddWithoutValidation("Upload-Length", content.Length.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("Upload-Metadata", $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes("large"))},overwrite");
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task MakeAsync(string file)
    {
        await using var content = File.Create(file);
        var piece = RandomNumberGenerator.GetBytes(1024 * 1024);
        for (var i = 0; i < LargeMb; i++)
        {
            await content.WriteAsync(piece);
        }
    }

    /// <summary>MiB of memory that the process has had at once: <c>VmHWM</c>.</summary>
    private static double HighWater(int process)
    {
        // What was started is a program that becomes the server.
        var line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static string Text(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
