using System.Globalization;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Jobs;

/// <summary>What the server says about a job: OGC API - Processes, <c>statusInfo.yaml</c>.</summary>
internal sealed record JobView(JsonNode Json)
{
    public string Id => Json.Text("jobID") ?? "";

    public string Status => Json.Text("status") ?? "";

    public string? Process => Json.Text("processID");

    public string? Message => Json.Text("message");

    /// <summary>0 to 100.</summary>
    public double? Progress => Json.Number("progress");

    public bool HasEnded => Status is "successful" or "failed" or "dismissed";

    /// <summary>By the local clock's zone, to the second.</summary>
    public string Time(string member) =>
        DateTimeOffset.TryParse(Json.Text(member), CultureInfo.InvariantCulture, out var time)
            ? time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : "";

    public string Duration =>
        DateTimeOffset.TryParse(Json.Text("started"), CultureInfo.InvariantCulture, out var started)
        && DateTimeOffset.TryParse(Json.Text("finished"), CultureInfo.InvariantCulture, out var finished)
            ? (finished - started).TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture)
            : "";
}
