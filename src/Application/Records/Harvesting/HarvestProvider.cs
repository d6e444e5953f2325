using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>The process <c>geowps:harvest</c>.</summary>
public sealed class HarvestProvider(HarvestRecords harvest, IHarvestStore sources, TimeProvider clock) : IProcessProvider
{
    public const string LaneName = "harvest";

    public string Lane => LaneName;

    /// <summary>What takes long is the other side, and then the one writer of the records.</summary>
    public int Concurrency => 2;

    public IReadOnlyList<string> Services => [NodeServices.Records];

    public ProcessCatalogue Catalogue { get; } = new("1", new[] { Describe() }.ToFrozenDictionary(process => process.Id), FrozenDictionary<string, string>.Empty);

    public async ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken) =>
        await sources.FindAsync(SourceOf(request), cancellationToken) is null ? [Unknown(request)] : [];

    public async Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        if (await harvest.ExecuteAsync(SourceOf(run.Request), run.Job.Id.Value, MaxRemovedOf(run.Request), run.Progress, cancellationToken) is not { } state)
        {
            return new RunOutcome.Refused([Unknown(run.Request)]);
        }

        if (state.Error is { } error)
        {
            return new RunOutcome.Failed(new JobFailure(FailureKind.Algorithm, error));
        }

        (string Id, string Json)[] outputs =
        [
            (HarvestNames.Added, Text(state.Added)),
            (HarvestNames.Changed, Text(state.Changed)),
            (HarvestNames.Removed, Text(state.Removed)),
            (HarvestNames.Same, Text(state.Same)),
            (HarvestNames.Seconds, Math.Round(clock.GetElapsedTime(began).TotalSeconds, 3).ToString(CultureInfo.InvariantCulture)),
        ];
        return new RunOutcome.Succeeded([.. outputs
            .Where(output => run.Request.Outputs is not { } wanted || wanted.Any(each => each.Id == output.Id))
            .Select(output => new OutputValue.Literal(output.Id, JsonElement.Parse(output.Json)))]);
    }

    private static string SourceOf(ExecuteRequest request) =>
        request.Inputs.TryGetValue(HarvestNames.Source, out var values) && values is [InputValue.Inline { Json.ValueKind: JsonValueKind.String } one, ..] ? one.Json.GetString()! : "";

    private static double? MaxRemovedOf(ExecuteRequest request) =>
        request.Inputs.TryGetValue(HarvestNames.MaxRemoved, out var values) && values is [InputValue.Inline { Json.ValueKind: JsonValueKind.Number } one, ..] ? one.Json.GetDouble() : null;

    private static Mistake Unknown(ExecuteRequest request) => new(HarvestNames.Source, $"there is no source {SourceOf(request)}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static ProcessDescription Describe() => new()
    {
        Id = HarvestNames.Process,
        Title = "Harvest records",
        Description = "Makes the records of a source those that the source has now. Needs the administrator's token.",
        Version = "1.0.0",
        Keywords = ["records", "catalogue"],
        NeedsAdministrator = true,
        JobControl = JobControlOptions.AsyncExecute | JobControlOptions.Dismiss,
        Inputs =
        [
            new InputDescription(HarvestNames.Source, "The source's id", Schema("""{"type": "string"}"""), MinOccurs: 1, 1) { ByReference = false },
            new InputDescription(HarvestNames.MaxRemoved, "Share of its records that this run may remove; when not given, as the source says", Schema("""{"type": "number", "minimum": 0, "maximum": 1}"""), MinOccurs: 0, 1) { ByReference = false },
        ],
        Outputs =
        [
            Count(HarvestNames.Added, "Records that are new"),
            Count(HarvestNames.Changed, "Records that were changed"),
            Count(HarvestNames.Removed, "Records that are gone"),
            Count(HarvestNames.Same, "Records that are as they were"),
            new OutputDescription(HarvestNames.Seconds, "How long it took", Schema("""{"type": "number"}""")),
        ],
    };

    private static OutputDescription Count(string id, string title) => new(id, title, Schema("""{"type": "integer", "minimum": 0}"""));

    private static JsonObject Schema(string json) => JsonNode.Parse(json)!.AsObject();
}
