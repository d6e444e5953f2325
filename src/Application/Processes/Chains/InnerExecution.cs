using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Application.Processes.Chains;

/// <summary>An execution that a running job needs: a job of its own in the lane of its process, which is dismissed with the one that waits for it.</summary>
internal sealed class InnerExecution(JobRun run, ExecuteProcess execute, TimeProvider clock)
{
    /// <summary>When this is cancelled, the inner job is dismissed.</summary>
    /// <param name="body">Its attachments are those of the outer job.</param>
    /// <returns>The job in its end, or why it could not even become one.</returns>
    public async Task<(Job? Job, JobFailure? Refusal)> ExecuteAsync(string processId, RequestBody body, CancellationToken cancellationToken)
    {
        var job = run.Job;
        var call = new ExecuteCall(processId, body, ExecuteMode.Sync, null, job.Owner, job.Request.BaseAddress, null)
        {
            // What has begun goes before what has not: it holds data that only its end sets free.
            Chain = new ChainLink(new JobHold(job.Id, job.Attempt, ((JobState.Running)job.State).Worker), job.Priority + 1, job.IsAdministered),

            // Who may run the whole was judged when it was accepted.
            IsJudged = true,
        };
        while (true)
        {
            switch (await execute.ExecuteAsync(call, cancellationToken))
            {
                case ExecuteOutcome.Ended(var ended, _):
                    return (ended, null);
                case ExecuteOutcome.Full(var retryAfter):
                    await Task.Delay(Backoff.Spread(retryAfter), clock, cancellationToken);
                    break;
                case ExecuteOutcome.Orphaned:
                    // Dismissed or lost: whoever holds this attempt is told soon.
                    await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
                    break;
                case ExecuteOutcome.Refused(var mistakes):
                    return (null, new JobFailure(FailureKind.Input, string.Join("; ", mistakes), mistakes));
                case ExecuteOutcome.NoSuchProcess(var id):
                    return (null, JobFailure.NotOffered(id));
                case var other:
                    throw new InvalidOperationException($"A step can't end as {other.GetType().Name}.");
            }
        }
    }

    /// <summary>Why a job that has ended has no results; <see langword="null"/> when it has.</summary>
    public static JobFailure? FailureOf(Job job) => job.State switch
    {
        JobState.Successful => null,
        JobState.Failed { Failure: var failure } => failure,
        _ => new JobFailure(FailureKind.Input, $"job {job.Id} was dismissed"),
    };
}
