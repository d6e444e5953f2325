using System.Collections.Frozen;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Ports;

/// <summary>Offers processes and runs them: the built-in ones, QGIS, another node.</summary>
public interface IProcessProvider
{
    /// <summary>Names the queue of its jobs: <c>builtin</c>, <c>qgis</c>.</summary>
    string Lane { get; }

    /// <summary>How many of its jobs this node runs at once.</summary>
    int Concurrency { get; }

    /// <summary>The services for whose sake a node runs its jobs: <see cref="Nodes.NodeServices"/>. A node of a cluster that offers none of them leaves them to others.</summary>
    IReadOnlyList<string> Services => [Nodes.NodeServices.Processes];

    /// <summary>Its processes are run by other nodes: it never holds a job itself.</summary>
    bool IsElsewhere => false;

    /// <summary>What it offers now; replaced as a whole when that changes.</summary>
    ProcessCatalogue Catalogue { get; }

    /// <summary>The lane of a process of its own.</summary>
    string LaneOf(ProcessDescription process) => Lane;

    /// <summary>The checks that only it can do (an expression's syntax, a CRS). Quick; the request fits the description already.</summary>
    ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a job to its end. Cancelling stops the work within a second, by force if need be, and throws <see cref="OperationCanceledException"/>.
    /// </summary>
    Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken);
}

/// <summary>An immutable list of processes.</summary>
/// <param name="Version">Changes whenever a description does; part of their ETags.</param>
/// <param name="Aliases">Other ids under which a process can be described and executed, but that no list shows: alias → id.</param>
public sealed record ProcessCatalogue(
    string Version,
    FrozenDictionary<string, ProcessDescription> Processes,
    FrozenDictionary<string, string> Aliases)
{
    public static ProcessCatalogue Empty { get; } =
        new("0", FrozenDictionary<string, ProcessDescription>.Empty, FrozenDictionary<string, string>.Empty);

    public ProcessDescription? Find(string idOrAlias) =>
        Processes.GetValueOrDefault(Aliases.GetValueOrDefault(idOrAlias, idOrAlias));
}

/// <summary>A job on its way: what it has to do, where it may write, and whom it tells.</summary>
public sealed class JobRun
{
    public required Job Job { get; init; }

    public required ProcessDescription Process { get; init; }

    public required ExecuteRequest Request { get; init; }

    /// <summary>0 to 100; may be called as often as one likes.</summary>
    public required Action<double> Progress { get; init; }

    /// <summary>Level and text, without paths of the server.</summary>
    public required Action<string, string> Log { get; init; }
}

/// <summary>How a run ended.</summary>
public abstract record RunOutcome
{
    private RunOutcome()
    {
    }

    /// <summary>Values of the outputs asked for; their contents are blobs under <see cref="JobKeys.Output"/> already.</summary>
    public sealed record Succeeded(IReadOnlyList<OutputValue> Outputs) : RunOutcome;

    /// <summary>The caller's mistakes, found only now: a reference that can't be read, a file that is not what it should be.</summary>
    public sealed record Refused(IReadOnlyList<Mistake> Mistakes) : RunOutcome;

    /// <summary>It failed, and would fail again.</summary>
    public sealed record Failed(JobFailure Failure) : RunOutcome;

    /// <summary>It was lost by no fault of its own that we know of (its process ended): worth another attempt.</summary>
    public sealed record Lost(JobFailure Failure) : RunOutcome;
}
