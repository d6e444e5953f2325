using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Jobs;

/// <summary><c>geowps job ID</c></summary>
internal static class ShowJob
{
    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, string id, bool log, bool json, CancellationToken cancellationToken)
    {
        var path = $"jobs/{Uri.EscapeDataString(id)}";
        var job = new JobView(await api.GetJsonAsync(path, cancellationToken));
        var lines = log ? (await api.GetJsonAsync($"{path}/log", cancellationToken)).Objects("entries").ToArray() : [];
        if (json)
        {
            if (log)
            {
                job.Json["log"] = new JsonArray([.. lines.Select(line => line.DeepClone())]);
            }

            terminal.WriteJson(job.Json);
            return 0;
        }

        foreach (var (name, value) in new[]
        {
            ("job", job.Id), ("process", job.Process), ("status", job.Status), ("message", job.Message), ("progress", job.Progress is { } percent ? $"{percent} %" : null),
            ("created", job.Time("created")), ("started", job.Time("started")), ("finished", job.Time("finished")), ("took", job.Duration),
        })
        {
            if (!string.IsNullOrEmpty(value))
            {
                terminal.Out.WriteLine($"{name,-9} {Terminal.Printable(value)}");
            }
        }

        foreach (var line in lines)
        {
            terminal.Out.WriteLine(Terminal.Printable($"{line.Text("time")} {line.Text("level"),-7} {line.Text("text")}"));
        }

        return 0;
    }
}
