using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Processes.Chains;

/// <summary>
/// Runs chains: each step is a job of its own in the lane of its process, and the chain only waits for them, so that it never takes a place that a step
/// needs. It offers no process.
/// </summary>
/// <param name="reader">It holds the list of which this is one, so it is asked for late.</param>
/// <param name="execute">Steps go the way of every request; asked for late for the same reason.</param>
public sealed partial class ChainProvider(
    Func<ChainReader> reader, Func<ExecuteProcess> execute, IJobStore jobs, IBlobStore blobs, IJobEvents events, TimeProvider clock, ILogger<ChainProvider> logger)
    : IProcessProvider
{
    public const string LaneName = "chain";

    /// <summary>One that waits holds no more than its record.</summary>
    private const int Most = 10_000;

    public string Lane => LaneName;

    public int Concurrency => Most;

    public ProcessCatalogue Catalogue => ProcessCatalogue.Empty;

    public ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Mistake>>([]);

    public async Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        if (reader().Read(run.Job) is not { } chain)
        {
            return new RunOutcome.Failed(JobFailure.NotOffered(run.Job.ProcessId));
        }

        if (chain.Mistakes.Count > 0)
        {
            // Its processes are others than when it was accepted.
            return new RunOutcome.Refused(chain.Mistakes);
        }

        LogBegins(run.Job.Id, chain.Steps.Count);
        var (steps, failure) = await new ChainRun(run, chain, jobs, events, execute(), clock).RunAsync(cancellationToken);
        return failure is not null ? new RunOutcome.Failed(failure) : await TakeOverAsync(run.Job, chain, steps!, cancellationToken);
    }

    /// <summary>The chain's results are its outermost step's.</summary>
    private async Task<RunOutcome> TakeOverAsync(Job job, Chain chain, IReadOnlyList<Job> steps, CancellationToken cancellationToken)
    {
        var step = steps[chain.Outermost.Number];
        if (await new ResultCopies(blobs, step, JobKeys.Output(job.Id, job.Attempt, "")).MakeAsync(cancellationToken) is not { } outputs)
        {
            return new RunOutcome.Failed(new JobFailure(FailureKind.Input, $"The results of job {step.Id} were removed."));
        }

        var layers = chain.Publications.ToDictionary(publication => publication.Publishes!, publication => PublishWish.LayerOf(steps[publication.Number]), StringComparer.Ordinal);
        return new RunOutcome.Succeeded([.. outputs.Select(output => layers.TryGetValue(output.Id, out var layer) ? output with { Layer = layer } : output)]);
    }

    [LoggerMessage(EventId = 1400, Level = LogLevel.Information, Message = "Job {JobId} is a chain of {Count} steps")]
    private partial void LogBegins(JobId jobId, int count);
}
