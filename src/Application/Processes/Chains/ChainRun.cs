using System.Globalization;
using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Chains;

/// <summary>One attempt of a chain: steps start as soon as what they need is there; the first that fails ends all.</summary>
internal sealed class ChainRun(JobRun run, Chain chain, IJobStore jobs, IJobEvents events, ExecuteProcess execute, TimeProvider clock)
{
    /// <summary>Beneath the events of a job, because one can be missed.</summary>
    private static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly double[] _percent = new double[chain.Steps.Count];
    private JobFailure? _failure;

    /// <returns>The job of the outermost step, successful; or why there is none.</returns>
    public async Task<(Job? Outermost, JobFailure? Failure)> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var steps = new Task<Job?>[chain.Steps.Count];
        foreach (var step in chain.Steps)
        {
            steps[step.Number] = RunAsync(step, [.. step.Needs.Select(need => steps[need])], stop);
        }

        await Task.WhenAll(steps);
        cancellationToken.ThrowIfCancellationRequested();
        return _failure is not null ? (null, _failure) : (await steps[^1], null);
    }

    /// <returns><see langword="null"/> when it has not succeeded; all of the chain is stopped then.</returns>
    private async Task<Job?> RunAsync(ChainStep step, IReadOnlyList<Task<Job?>> needs, CancellationTokenSource stop)
    {
        try
        {
            if (Array.Exists(await Task.WhenAll(needs), needed => needed is null))
            {
                return null;
            }

            foreach (var id in step.Awaits)
            {
                await AwaitAsync(step, id, stop.Token);
            }

            var (job, refusal) = await FollowAsync(step, stop.Token);
            var failure = job is null ? refusal! : FailureOf(job);
            if (failure is null)
            {
                Tell(step.Number, 100);
                return job;
            }

            lock (_gate)
            {
                _failure ??= InWhole(step, failure);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch
        {
            // Ours: the others must not go on for nobody.
            await stop.CancelAsync();
            throw;
        }

        await stop.CancelAsync();
        return null;
    }

    private async Task<(Job? Job, JobFailure? Refusal)> FollowAsync(ChainStep step, CancellationToken cancellationToken)
    {
        using var vain = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var telling = TellAsync(step, events.WatchAsync(step.JobId, vain.Token));
        Job? job = null;
        try
        {
            (job, var refusal) = await ExecuteAsync(step, cancellationToken);
            return (job, refusal);
        }
        finally
        {
            if (job is null)
            {
                await vain.CancelAsync();
            }

            // It ends with the event in which the job has ended, and that is told before the job's end is known here.
            await telling;
        }
    }

    /// <summary>When this is cancelled, the step's job is dismissed.</summary>
    /// <returns>The job in its end, or why it could not even become one.</returns>
    private async Task<(Job? Job, JobFailure? Refusal)> ExecuteAsync(ChainStep step, CancellationToken cancellationToken)
    {
        var job = run.Job;
        var call = new ExecuteCall(
            step.Process.Id, new RequestBody(step.JobId, step.Json, job.Request.Attachments, ""), ExecuteMode.Sync, null, job.Owner, job.Request.BaseAddress, null)
        {
            // What has begun goes before what has not: it holds data that only its end sets free.
            Chain = new ChainLink(new JobHold(job.Id, job.Attempt, ((JobState.Running)job.State).Worker), job.Priority + 1),
        };
        while (true)
        {
            switch (await execute.ExecuteAsync(call, cancellationToken))
            {
                case ExecuteOutcome.Ended(var ended, _):
                    return (ended, null);
                case ExecuteOutcome.Full(var retryAfter):
                    await Task.Delay(retryAfter * (0.8 + 0.4 * Random.Shared.NextDouble()), clock, cancellationToken);
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

    private async Task TellAsync(ChainStep step, IAsyncEnumerable<JobEvent> happenings)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"Step {step.Number + 1} of {chain.Steps.Count}, {step.Process.Id}{(step.Place.Length > 0 ? $" ({step.Place})" : "")}");
        try
        {
            await foreach (var happening in happenings)
            {
                switch (happening)
                {
                    case JobEvent.Changed { Job.State.Status: JobStatus.Running }:
                        run.Log("info", $"{name}, runs as job {step.JobId}");
                        break;
                    case JobEvent.Changed { Job.State.Status: JobStatus.Successful }:
                        run.Log("info", $"{name}, is done");
                        break;
                    case JobEvent.Progressed(_, var percent):
                        Tell(step.Number, percent);
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It ended.
        }
    }

    private void Tell(int step, double percent)
    {
        lock (_gate)
        {
            _percent[step] = percent;
            run.Progress(_percent.Sum() / _percent.Length);
        }
    }

    /// <summary>However it ends: reading its result says what is wrong with it.</summary>
    private async Task AwaitAsync(ChainStep step, JobId id, CancellationToken cancellationToken)
    {
        run.Log("info", $"{step.Process.Id} takes a result of job {id}");
        await using var watch = new JobWatch(events, id);
        while (await jobs.FindAsync(id, cancellationToken) is { State.HasEnded: false } job && (job.Owner is null || job.Owner == run.Job.Owner))
        {
            await Task.WhenAny(watch.Ended, Task.Delay(SlowPoll, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static JobFailure? FailureOf(Job job) => job.State switch
    {
        JobState.Successful => null,
        JobState.Failed { Failure: var failure } => failure,
        _ => new JobFailure(FailureKind.Input, $"job {job.Id} was dismissed"),
    };

    private static JobFailure InWhole(ChainStep step, JobFailure failure)
    {
        var mistakes = failure.Mistakes.Select(step.InWhole).ToList();
        return new JobFailure(failure.Kind, mistakes.Count > 0 ? string.Join("; ", mistakes) : step.InWhole(new Mistake("", failure.Message)).ToString(), mistakes);
    }
}
