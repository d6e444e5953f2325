using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoWps.Bench.Tiles;

/// <summary>Requests by <c>wrk</c> over eight connections that stay open, and what the server's processes spend on them.</summary>
internal static partial class Load
{
    /// <param name="paths">A line each: a path, and after a space the entity tag to send.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="processes">The server's.</param>
    /// <returns>CPU of an answer, in microseconds.</returns>
    public static async Task<double> RunAsync(Uri server, IEnumerable<string> paths, int seconds, params IEnumerable<int> processes) =>
        (await MeasureAsync(server, paths, seconds, processes)).CpuMicroseconds;

    /// <inheritdoc cref="RunAsync"/>
    public static async Task<Result> MeasureAsync(Uri server, IEnumerable<string> paths, int seconds, params IEnumerable<int> processes)
    {
        var list = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(list, paths);
            var before = processes.Sum(TicksOf);
            using var wrk = Process.Start(new ProcessStartInfo("wrk", ["-t1", "-c8", "--latency", $"-d{seconds}s", "-s", Path.Combine(AppContext.BaseDirectory, "tiles.lua"), server.ToString(), "--", list]) { RedirectStandardOutput = true })!;
            var said = await wrk.StandardOutput.ReadToEndAsync();
            await wrk.WaitForExitAsync();
            var spent = processes.Sum(TicksOf) - before;
            return Answers().Match(said) is { Success: true } answers && !said.Contains("Non-2xx", StringComparison.Ordinal) && !said.Contains("Socket errors", StringComparison.Ordinal)
                ? new Result(spent * 10_000.0 / double.Parse(answers.Groups[1].Value, CultureInfo.InvariantCulture), MillisecondsOf(Half().Match(said)))
                : throw new InvalidOperationException($"wrk: {said}");
        }
        finally
        {
            File.Delete(list);
        }
    }

    /// <summary>What a process has spent so far, in hundredths of a second: all of its threads, in user and in system mode.</summary>
    public static long TicksOf(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static double MillisecondsOf(Match half) => double.Parse(half.Groups[1].Value, CultureInfo.InvariantCulture) * half.Groups[2].Value switch
    {
        "us" => 0.001,
        "ms" => 1,
        _ => 1000,
    };

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Half();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Answers();

    /// <param name="CpuMicroseconds">Of the server's processes, by answer.</param>
    /// <param name="MedianMilliseconds">From request to answer.</param>
    public sealed record Result(double CpuMicroseconds, double MedianMilliseconds);
}
