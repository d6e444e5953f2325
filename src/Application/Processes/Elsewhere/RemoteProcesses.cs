using System.Collections.Frozen;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Elsewhere;

/// <summary>The processes of other nodes of the cluster. Their jobs go into the queue, where only a node that has the process takes them out.</summary>
/// <param name="runners">One, or none where this node is alone.</param>
public sealed class RemoteProcesses(IEnumerable<IRunners> runners) : IProcessProvider
{
    private readonly IRunners? _runners = runners.FirstOrDefault();
    private volatile Picture _picture = new([], ProcessCatalogue.Empty, FrozenDictionary<string, string>.Empty);

    /// <summary>None of its own: each process has the lane that it has where it runs.</summary>
    public string Lane => "elsewhere";

    public int Concurrency => 0;

    public bool IsElsewhere => true;

    /// <summary>This node can have no others beside it.</summary>
    public bool IsAlone => _runners is null;

    /// <summary>All that other nodes describe, in no order; a process once for each different list that has it.</summary>
    public IEnumerable<ProcessDescription> Variants => _picture.Parts.SelectMany(part => part.Processes.Values);

    public ProcessCatalogue Catalogue => _picture.Catalogue;

    public string LaneOf(ProcessDescription process) => _picture.Lanes.GetValueOrDefault(process.Id, Lane);

    /// <summary>What nobody could look at in time is found by the run.</summary>
    public async ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken) =>
        _runners is null ? [] : await _runners.AskAsync(LaneOf(process), process.Id, request, cancellationToken) ?? [];

    /// <summary>The process went between the claim and this: another node may have it.</summary>
    public Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken) =>
        Task.FromResult<RunOutcome>(new RunOutcome.Lost(JobFailure.NotOffered(run.Process.Id)));

    /// <summary>Who is there now. Where nodes differ in a process, the highest version counts; of equal ones, the first node's by name.</summary>
    internal void Take(IReadOnlyList<Runner> others)
    {
        ProcessCatalogue[] parts = [.. others.SelectMany(runner => runner.Lanes).Select(lane => lane.Catalogue).OfType<ProcessCatalogue>().Distinct()];
        if (_picture.Parts.SequenceEqual(parts))
        {
            return;
        }

        var lanes = new Dictionary<string, string>(StringComparer.Ordinal);
        var processes = new Dictionary<string, ProcessDescription>(StringComparer.Ordinal);
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (lane, catalogue) in others.SelectMany(runner => runner.Lanes))
        {
            foreach (var process in catalogue?.Processes.Values ?? [])
            {
                if (!processes.TryGetValue(process.Id, out var known) || string.CompareOrdinal(process.Version, known.Version) > 0)
                {
                    (processes[process.Id], lanes[process.Id]) = (process, lane);
                }
            }

            foreach (var (alias, id) in catalogue?.Aliases ?? FrozenDictionary<string, string>.Empty)
            {
                aliases.TryAdd(alias, id);
            }
        }

        // Not of who is there: of what they offer.
        var version = parts.Length == 0 ? ProcessCatalogue.Empty.Version : string.Join('.', parts.Select(part => part.Version).Distinct().Order(StringComparer.Ordinal));
        _picture = new Picture(parts, new ProcessCatalogue(version, processes.ToFrozenDictionary(), aliases.ToFrozenDictionary()), lanes.ToFrozenDictionary());
    }

    private sealed record Picture(ProcessCatalogue[] Parts, ProcessCatalogue Catalogue, FrozenDictionary<string, string> Lanes);
}
