using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Workers;

/// <summary>PyQGIS, wherever it runs: a pool of processes or this one. What the frames hold is in python/PROTOCOL.md.</summary>
internal interface IWorkers : IAsyncDisposable
{
    /// <summary>Runs that go on at once.</summary>
    int Count { get; }

    /// <summary>Below it lie the folders of jobs; the workers may write there and nowhere else.</summary>
    string WorkFolder { get; }

    /// <summary>Completes when QGIS is there for the first time.</summary>
    Task Ready { get; }

    /// <summary>Begins to start; does not wait until QGIS is there.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>The answer to <c>catalogue</c>, as it came.</summary>
    Task<JsonElement> CatalogueAsync(CancellationToken cancellationToken);

    /// <summary>Loads a model or a script on the side: what it would be. Nothing changes; a script is executed.</summary>
    /// <param name="kind"><c>model</c> or <c>script</c>.</param>
    /// <param name="file">Below <see cref="WorkFolder"/>.</param>
    Task<TrialAnswer> TryAsync(string kind, string file, CancellationToken cancellationToken);

    /// <summary>What only QGIS can tell; never waits behind a job.</summary>
    Task<IReadOnlyList<Mistake>> CheckAsync(IReadOnlyList<CheckItem> items, bool trusted, CancellationToken cancellationToken);

    /// <summary>Runs one algorithm in a worker of its own; cancelling ends it within a second, by force if need be.</summary>
    Task<WorkerOutcome> RunAsync(WorkerRun run, CancellationToken cancellationToken);
}

/// <summary>The answer to <c>try</c>.</summary>
/// <param name="Algorithm">An ALGORITHM, or else <paramref name="Reason"/> says why there is none.</param>
internal sealed record TrialAnswer(JsonElement? Algorithm, string Reason)
{
    /// <param name="frame"><see langword="null"/>: its process ended, or was ended because it took too long.</param>
    public static TrialAnswer Of(ReceivedFrame? frame) => frame switch
    {
        { Op: "tried", Reason: null } => new TrialAnswer(frame.Whole.GetProperty("algorithm"), ""),
        { Op: "tried", Reason: { } reason } => new TrialAnswer(null, reason),
        null => new TrialAnswer(null, "loading it takes too long or ends QGIS"),
        _ => throw new InvalidOperationException($"QGIS could not try the file: {frame.Message}"),
    };
}

/// <param name="Kind"><c>expression</c>, <c>crs</c> or <c>operation</c>.</param>
/// <param name="Source">With <c>operation</c>: the CRS it begins with.</param>
/// <param name="Target">With <c>operation</c>: the CRS it ends with.</param>
internal sealed record CheckItem(string Input, string Kind, string Text, string? Source = null, string? Target = null);

/// <summary>A <c>run</c> request.</summary>
/// <param name="Folder">The job's own, absolute, below <see cref="IWorkers.WorkFolder"/>.</param>
/// <param name="Parameters">VALUEs by parameter name.</param>
/// <param name="Outputs">By output name: <c>{"mediaType": …}</c>.</param>
/// <param name="Context"><c>ellipsoid</c>, <c>projectCrs</c>, <c>invalidFeatures</c>, <c>project</c>.</param>
/// <param name="Progress">Per cent.</param>
/// <param name="Log">Level and text.</param>
internal sealed record WorkerRun(
    string Algorithm,
    string Folder,
    bool Trusted,
    JsonObject Parameters,
    JsonObject Outputs,
    JsonObject Context,
    Action<double> Progress,
    Action<string, string> Log);

/// <summary>How a run ended, short of being cancelled.</summary>
internal abstract record WorkerOutcome
{
    private WorkerOutcome()
    {
    }

    /// <param name="Results">RESULTs by output name.</param>
    public sealed record Done(JsonElement Results) : WorkerOutcome;

    public sealed record Refused(IReadOnlyList<Mistake> Mistakes) : WorkerOutcome;

    /// <summary>It would fail again: the algorithm's own error, its time or memory is over.</summary>
    public sealed record Failed(JobFailure Failure) : WorkerOutcome;

    /// <summary>Its process died under it.</summary>
    public sealed record Lost(JobFailure Failure) : WorkerOutcome;
}
