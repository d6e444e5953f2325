using System.Diagnostics;
using System.Globalization;
using GeoWps.Bench.Tiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using static GeoWps.Bench.Report;

namespace GeoWps.Bench.Cluster;

/// <summary>
/// What the gateway spends on a small answer, and how long it takes, beside a YARP that does nothing else and nginx, before the same node. The three take turns in the same run;
/// each figure is the median of its rounds.
/// </summary>
internal static class ClusterBench
{
    /// <summary>The first word of this program's arguments when it is to be the bare YARP.</summary>
    public const string BareProxy = "bare-proxy";

    private const int Rounds = 5;
    private const int Seconds = 2;
    private const string Small = "/conformance";

    public static async Task<IReadOnlyList<Figure>> RunAsync() => [.. await GatewayAsync(), .. await QueueBench.RunAsync(), .. await SharedTilesBench.RunAsync()];

    private static async Task<IReadOnlyList<Figure>> GatewayAsync()
    {
        var folder = Directory.CreateTempSubdirectory("geowps-bench-").FullName;
        var files = Directory.CreateTempSubdirectory("geowps-nginx-").FullName;
        try
        {
            await using var node = await ServerProcess.StartAsync(Path.Combine(folder, "node"), Small, "--Python:Execution", "None", "--Logging:LogLevel:Default", "Warning");
            await using var gateway = await ServerProcess.StartAsync(
                Path.Combine(folder, "gateway"), Small, "--Node:Role", "Gateway", "--Discovery:Nodes", node.Client.BaseAddress!.ToString(), "--Logging:LogLevel:Default", "Warning");
            await using var nginx = await Nginx.BeforeAsync(files, node.Client.BaseAddress);
            using var bare = await StartBareAsync(node.Client.BaseAddress);
            (string Name, Uri Address, int[] Processes)[] all =
            [
                ("gateway", gateway.Client.BaseAddress!, [gateway.Id]), ("bare YARP", bare.Address, [bare.Process.Id]), ("nginx", nginx.Address, [.. nginx.Processes]),
            ];
            var measured = all.ToDictionary(one => one.Name, _ => new List<Load.Result>(), StringComparer.Ordinal);

            // The first round of each is for warming up.
            for (var round = 0; round <= Rounds; round++)
            {
                foreach (var (name, address, processes) in all)
                {
                    var result = await StepAsync($"{name}, round {round}", () => Load.MeasureAsync(address, [Small], Seconds, processes));
                    if (round > 0)
                    {
                        measured[name].Add(result);
                    }
                }
            }

            var (ours, yarp, peer) = (measured["gateway"], measured["bare YARP"], measured["nginx"]);
            return
            [
                Compare("CPU of a small answer against a bare YARP", ours, yarp, result => result.CpuMicroseconds, "µs", 1.2),
                Compare("CPU of a small answer against nginx", ours, peer, result => result.CpuMicroseconds, "µs", null),
                Compare("median latency against a bare YARP", ours, yarp, result => result.MedianMilliseconds, "ms", 1.2),
                Compare("median latency against nginx", ours, peer, result => result.MedianMilliseconds, "ms", null),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            Directory.Delete(files, recursive: true);
        }
    }

    /// <summary>A YARP with one route and one destination, and nothing else.</summary>
    public static async Task<int> RunBareAsync(string urls, string target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(urls);
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "node", Match = new RouteMatch { Path = "{**all}" } }],
            [new ClusterConfig { ClusterId = "node", Destinations = new Dictionary<string, DestinationConfig> { ["node"] = new() { Address = target } } }]);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.RunAsync();
        return 0;
    }

    private static Figure Compare(string name, IEnumerable<Load.Result> ours, IEnumerable<Load.Result> others, Func<Load.Result, double> value, string unit, double? goal)
    {
        var (one, other) = (Median(ours.Select(value)), Median(others.Select(value)));
        return new Figure(
            name,
            Ratio(one / other),
            string.Create(CultureInfo.InvariantCulture, $"{one:0.00} {unit} to {other:0.00} {unit}"),
            goal is null ? null : $"at most {Ratio(goal.Value)}",
            goal is null ? null : one / other <= goal);
    }

    private static async Task<Bare> StartBareAsync(Uri target)
    {
        var address = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        var bare = new Bare(Process.Start(new ProcessStartInfo(
            "taskset", ["-c", "0,1", "dotnet", typeof(ClusterBench).Assembly.Location, BareProxy, address.ToString(), target.ToString()]))!, address);
        using var client = new HttpClient { BaseAddress = address };
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(Small, UriKind.Relative));
                return bare;
            }
            catch (HttpRequestException) when (!bare.Process.HasExited && patience.Elapsed < TimeSpan.FromSeconds(60))
            {
                // Not listening yet.
            }
        }
    }

    private sealed record Bare(Process Process, Uri Address) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill();
            Process.WaitForExit();
            Process.Dispose();
        }
    }
}
