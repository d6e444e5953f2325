using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Chains;

/// <summary>An execution within a chain: OGC API - Processes, Part 3 (OGC 21-009, draft), "Nested Processes".</summary>
/// <param name="Number">From 0, in an order in which every step comes after those that it needs.</param>
/// <param name="Place">Where it stands in the request, such as <c>INPUT.inputs.LAYERS[1]</c>; empty for the outermost.</param>
/// <param name="JobId">The job that it will be.</param>
/// <param name="Json">Its execute request; where other steps stood in it are references to their results.</param>
/// <param name="Needs">The numbers of the steps whose results it takes.</param>
/// <param name="Awaits">Jobs outside the chain whose results it takes.</param>
public sealed record ChainStep(
    int Number,
    string Place,
    JobId JobId,
    IProcessProvider Provider,
    ProcessDescription Process,
    JsonElement Json,
    IReadOnlyList<int> Needs,
    IReadOnlyList<JobId> Awaits)
{
    /// <summary>It publishes this output of the outermost step, on the request's wish.</summary>
    public string? Publishes { get; init; }

    /// <summary>A mistake in the step's own request as one in the whole.</summary>
    public Mistake InWhole(Mistake mistake) => Place.Length == 0 ? mistake
        : Publishes is not null ? mistake with { Place = InWish(mistake.Place) }
        : new Mistake(InWhole(mistake.Place), mistake.Message, MistakeKind.Step);

    /// <summary>Of a publication's inputs its caller has written the layer's form and nothing else.</summary>
    private string InWish(string place) => Place + (place.StartsWith("layer/", StringComparison.Ordinal) ? place["layer".Length..] : "");

    private string InWhole(string place) => place switch
    {
        "" => Place,
        "inputs" => $"{Place}.inputs",
        _ when place.StartsWith("outputs", StringComparison.Ordinal) && (place.Length == 7 || place[7] == '.') => $"{Place}.{place}",
        _ => $"{Place}.inputs.{place}",
    };
}

/// <summary>A request as the executions that it is made of.</summary>
/// <param name="Steps">The outermost one is the last, but for those that publish what it gives.</param>
/// <param name="Mistakes">In how the steps fit together; what is wrong with the values of each is not looked at.</param>
public sealed record Chain(IReadOnlyList<ChainStep> Steps, IReadOnlyList<Mistake> Mistakes)
{
    public ChainStep Outermost => Steps.Last(step => step.Publishes is null);

    public IEnumerable<ChainStep> Publications => Steps.Where(step => step.Publishes is not null);
}
