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

    /// <returns>The jobs of the steps by their numbers, all successful; or why not.</returns>
    public async Task<(IReadOnlyList<Job>? Steps, JobFailure? Failure)> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var steps = new Task<Job?>[chain.Steps.Count];
        foreach (var step in chain.Steps)
        {
            steps[step.Number] = RunAsync(step, [.. step.Needs.Select(need => steps[need])], stop);
        }

        await Task.WhenAll(steps);
        cancellationToken.ThrowIfCancellationRequested();
        return _failure is not null ? (null, _failure) : ([.. (await Task.WhenAll(steps)).Select(step => step!)], null);
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
            var failure = job is null ? refusal! : InnerExecution.FailureOf(job);
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

    private Task<(Job? Job, JobFailure? Refusal)> ExecuteAsync(ChainStep step, CancellationToken cancellationToken) =>
        new InnerExecution(run, execute, clock).ExecuteAsync(step.Process.Id, new RequestBody(step.JobId, step.Json, run.Job.Request.Attachments, ""), cancellationToken);

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
        while (await jobs.FindAsync(id, cancellationToken) is { State.HasEnded: false } job && run.Job.Sees(job))
        {
            await Task.WhenAny(watch.Ended, Task.Delay(SlowPoll, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static JobFailure InWhole(ChainStep step, JobFailure failure)
    {
        var mistakes = failure.Mistakes.Select(step.InWhole).ToList();
        return new JobFailure(failure.Kind, mistakes.Count > 0 ? string.Join("; ", mistakes) : step.InWhole(new Mistake("", failure.Message)).ToString(), mistakes);
    }
}
