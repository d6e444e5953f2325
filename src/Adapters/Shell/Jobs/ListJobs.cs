using System.Globalization;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Jobs;

/// <summary><c>geowps jobs</c></summary>
internal static class ListJobs
{
    private const int LargestPage = 100;

    public static async Task<int> ExecuteAsync(
        ApiClient api, Terminal terminal, string? status, string? process, int limit, bool json, CancellationToken cancellationToken)
    {
        if (limit < 1)
        {
            throw CommandException.Usage("--limit: at least 1");
        }

        var path = $"jobs?limit={Math.Min(limit, LargestPage)}"
            + (status is null ? "" : $"&status={Uri.EscapeDataString(status.ToLowerInvariant())}")
            + (process is null ? "" : $"&processID={Uri.EscapeDataString(process)}");
        var jobs = new List<JobView>();
        await foreach (var job in Pages.ReadAsync(api, path, "jobs", cancellationToken))
        {
            jobs.Add(new JobView(job));
            if (jobs.Count == limit)
            {
                break;
            }
        }

        if (json)
        {
            terminal.WriteJson(new JsonArray([.. jobs.Select(job => job.Json.DeepClone())]));
        }
        else
        {
            terminal.WriteTable(["JOB", "PROCESS", "STATUS", "PROGRESS", "CREATED", "TOOK", "MESSAGE"], [.. jobs.Select(Row)]);
        }

        return 0;
    }

    private static string[] Row(JobView job) =>
    [
        job.Id,
        job.Process ?? "",
        job.Status,
        job.Progress is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0} %") : "",
        job.Time("created"),
        job.Duration,
        job.HasEnded && job.Status != "failed" ? "" : job.Message ?? "",
    ];
}
