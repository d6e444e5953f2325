using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Jobs;

/// <summary>Calls a job off, or removes it with its results when it has ended. OGC API - Processes 1.0, class "Dismiss".</summary>
public sealed partial class DismissJob(
    IJobStore jobs, IBlobStore blobs, IJobEvents events, JobWorker worker, IOptions<JobsOptions> options, TimeProvider clock, ILogger<DismissJob> logger)
{
    /// <param name="caller">Who asks; others' jobs are as good as unknown.</param>
    public async Task<DismissAnswer> ExecuteAsync(JobId id, Caller caller, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(id, cancellationToken) is not { } job || !caller.Owns(job.Owner))
        {
            return new DismissAnswer.Unknown();
        }

        if (job is { IsAdministered: true, Owner: null } && !caller.IsAdministrator)
        {
            return new DismissAnswer.NotAllowed();
        }

        // From here on it is done whole, whoever hangs up.
        if (await CallOffAsync(id) is not { } outcome)
        {
            return new DismissAnswer.Unknown();
        }

        if (outcome.Changed)
        {
            return new DismissAnswer.Dismissed(outcome.Job);
        }

        var now = outcome.Job.Finished ?? outcome.Job.Updated;
        await jobs.RemoveAsync(blobs, id, CancellationToken.None);
        LogRemoved(id);
        return new DismissAnswer.Dismissed(outcome.Job with { State = new JobState.Dismissed(outcome.Job.Started, now), Outputs = [] });
    }

    /// <summary>Calls a job off, unless it has ended: then it stays as it is.</summary>
    /// <returns><see langword="null"/> when there is no such job.</returns>
    internal async Task<DismissOutcome?> CallOffAsync(JobId id)
    {
        var outcome = await jobs.DismissAsync(id, CancellationToken.None);
        if (outcome is { Changed: true })
        {
            await StopAsync(outcome.Job, outcome.WasRunning);
            foreach (var step in outcome.Steps)
            {
                await StopAsync(step, step.Started is not null);
            }
        }

        return outcome;
    }

    private async Task StopAsync(Job job, bool wasRunning)
    {
        LogDismissed(job.Id, wasRunning ? JobStatus.Running : JobStatus.Accepted);
        if (wasRunning)
        {
            // Its worker tidies up when it has let go.
            worker.StopWork(job.Id);
            _ = jobs.IsShared ? TidyLaterAsync(job) : Task.CompletedTask;
        }
        else
        {
            await blobs.DeleteAllAsync(JobKeys.All(job.Id), CancellationToken.None);
        }

        events.Publish(new JobEvent.Changed(job));
    }

    /// <summary>Where its worker died before it did.</summary>
    private async Task TidyLaterAsync(Job job)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(2 * options.Value.LeaseSeconds), clock);
            await blobs.RemoveOutputsAsync(job.Id, job.Attempt);
        }
        catch (Exception error)
        {
            // They go with the job, then.
            LogNotTidied(error, job.Id);
        }
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Information, Message = "Job {JobId} dismissed while {Status}")]
    private partial void LogDismissed(JobId jobId, JobStatus status);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Information, Message = "Job {JobId} removed with its results")]
    private partial void LogRemoved(JobId jobId);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Information, Message = "What the dismissed job {JobId} may have left could not be looked for")]
    private partial void LogNotTidied(Exception error, JobId jobId);
}

public abstract record DismissAnswer
{
    private DismissAnswer()
    {
    }

    /// <param name="Job">As it is now; one that had ended is gone.</param>
    public sealed record Dismissed(Job Job) : DismissAnswer;

    /// <summary>There is no such job.</summary>
    public sealed record Unknown : DismissAnswer;

    /// <summary>The administrator started it (<see cref="Job.IsAdministered"/>), and somebody else asks.</summary>
    public sealed record NotAllowed : DismissAnswer;
}
