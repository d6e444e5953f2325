using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>An output that a run has to deliver.</summary>
/// <param name="MediaType"><see langword="null"/> for a plain value, and for a file of any type.</param>
internal sealed record WantedOutput(string Id, string? MediaType);

internal static class WantedOutputs
{
    /// <summary>Those asked for; where none is named, all that are not optional.</summary>
    public static IReadOnlyList<WantedOutput> Of(JobRun run) =>
        run.Request.Outputs is { } asked
            ? [.. asked.Select(output => Output(output.Id, output.MediaType ?? run.Process.FindOutput(output.Id)?.MediaTypes.FirstOrDefault())).DistinctBy(output => output.Id)]
            : [.. run.Process.Outputs.Where(output => !output.Optional).Select(output => Output(output.Id, output.MediaTypes.FirstOrDefault()))];

    /// <summary>Where nobody knows beforehand what a file will be, it is what it turns out to be.</summary>
    private static WantedOutput Output(string id, string? mediaType) => new(id, mediaType == DataFormats.Unknown ? null : mediaType);
}
