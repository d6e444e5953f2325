using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Ports;

/// <summary>Which nodes of a cluster run which processes, and what they ask each other about requests. There is one only where nodes share a store.</summary>
public interface IRunners
{
    /// <summary>How long a node is there after its last word.</summary>
    TimeSpan Life { get; }

    /// <summary>This node is there, and runs this. To be said again long before <see cref="Life"/> is over, and at each change.</summary>
    /// <param name="lanes">The same object as long as nothing changed.</param>
    Task KeepAsync(string name, IReadOnlyList<RunnerLane> lanes, CancellationToken cancellationToken);

    /// <summary>This node takes no more jobs.</summary>
    Task LeaveAsync(CancellationToken cancellationToken);

    /// <summary>The other nodes that are there, by name; what one offers is the same object as long as it stays the same.</summary>
    /// <param name="grace">Added to <see cref="Life"/>: while the store was away nobody could say a word.</param>
    Task<IReadOnlyList<Runner>> ListOthersAsync(TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Calls <paramref name="heard"/> when a node may have come, changed or gone. It must not take long, and can miss something.</summary>
    IDisposable Listen(Action heard);

    /// <summary>Asks a node that has the process what only it can tell of a request (<see cref="IProcessProvider.CheckAsync"/>).</summary>
    /// <returns><see langword="null"/> when none answered in time.</returns>
    Task<IReadOnlyList<Mistake>?> AskAsync(string lane, string process, ExecuteRequest request, CancellationToken cancellationToken);

    /// <summary>Answers what other nodes ask, until it is disposed of; each question is one node's.</summary>
    /// <param name="has">Whether this node runs a process (lane, id).</param>
    IDisposable Answer(Func<string, string, bool> has, Func<RunnerQuestion, CancellationToken, Task<IReadOnlyList<Mistake>>> answer);

    /// <summary>Looks for waiting jobs that no node runs, and fails those whose process nobody has had for <paramref name="patience"/>.</summary>
    Task<UnclaimedJobs> LookAfterUnclaimedAsync(TimeSpan patience, CancellationToken cancellationToken);
}

/// <param name="Catalogue">What it runs in a lane; <see langword="null"/>: whatever is in it.</param>
public sealed record RunnerLane(string Lane, ProcessCatalogue? Catalogue);

/// <param name="Name">What people call the node.</param>
public sealed record Runner(string Name, IReadOnlyList<RunnerLane> Lanes);

/// <param name="Request">Its inputs; not what is to become of the outputs.</param>
public sealed record RunnerQuestion(string Lane, string Process, ExecuteRequest Request);

/// <param name="Processes">Those that jobs wait for and no node has.</param>
/// <param name="Failed">Jobs that have waited for too long, just now.</param>
public sealed record UnclaimedJobs(IReadOnlyList<string> Processes, IReadOnlyList<Job> Failed);
