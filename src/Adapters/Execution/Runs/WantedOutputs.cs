using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>An output that a run has to deliver.</summary>
/// <param name="MediaType">One of those described; <see langword="null"/> for a plain value, and for a file of any type.</param>
/// <param name="Spelling">The same as the caller calls it.</param>
internal sealed record WantedOutput(string Id, string? MediaType, string? Spelling = null)
{
    /// <summary>What the result is said to be.</summary>
    public string? DeliveredAs => Spelling ?? MediaType;

    /// <summary>It goes to a next step, which is quick with the FlatGeobuf that GeoJSON is made of.</summary>
    public bool Quick { get; init; }
}

internal static class WantedOutputs
{
    /// <summary>Those asked for; where none is named, all that are not optional.</summary>
    public static IReadOnlyList<WantedOutput> Of(JobRun run) =>
        run.Request.Outputs is { } asked
            ? [.. asked.Select(output => Output(output.Id, run.Process.FindOutput(output.Id)?.MediaTypes ?? [], output.MediaType) with { Quick = output.Quick }).DistinctBy(output => output.Id)]
            : [.. run.Process.Outputs.Where(output => !output.Optional).Select(output => Output(output.Id, output.MediaTypes, null))];

    /// <summary>Where nobody knows beforehand what a file will be, it is what it turns out to be.</summary>
    private static WantedOutput Output(string id, IReadOnlyList<string> offered, string? asked)
    {
        var found = asked is null ? -1 : MediaTypes.Match(asked, offered);
        var mediaType = found >= 0 ? offered[found] : asked ?? offered.FirstOrDefault();
        return mediaType == DataFormats.Unknown ? new WantedOutput(id, null) : new WantedOutput(id, mediaType, asked == mediaType ? null : asked);
    }
}
