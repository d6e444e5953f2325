using System.Data.Common;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Jobs;

/// <summary>One attempt of a job: runs its process, keeps its lease, stores how it ended, tells who watches.</summary>
public sealed partial class JobAttempt(
    IJobStore jobs,
    IBlobStore blobs,
    IJobEvents events,
    ProcessCatalogues catalogues,
    RequestBinder binder,
    IOptions<JobsOptions> options,
    TimeProvider clock,
    ILogger<JobAttempt> logger)
{
    /// <summary>Before the second, third and further attempts, ± 20 % so that many lost jobs do not come back as one.</summary>
    private static readonly TimeSpan[] BackOff = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(16)];

    private readonly JobsOptions _options = options.Value;

    /// <param name="request">As bound when the job was accepted; <see langword="null"/>: it is read from the job.</param>
    public async Task RunAsync(Job job, ExecuteRequest? request, JobHold hold, Held held)
    {
        events.Publish(new JobEvent.Changed(job));
        var log = new JobLog(jobs, events, hold, clock);
        var progress = new JobProgress(job.Id, events);
        var outcome = await WithLeaseAsync(hold, held, log, progress, () => OutcomeAsync(job, request, log, progress, held));

        var goesBack = outcome is null && held.Reason == StopReason.Draining;
        try
        {
            if (goesBack)
            {
                // While it is still ours: its next attempt, which may begin at once on another node, has the same number.
                await blobs.DeleteAllAsync(JobKeys.Output(job.Id, hold.Attempt, ""), CancellationToken.None);
            }

            // Together, so that a store that gathers writes makes one of them.
            var flushed = TryFlushAsync(job.Id, log);
            await StoreEndAsync(job, hold, outcome, held);
            await flushed;
            if (await jobs.FindAsync(job.Id, CancellationToken.None) is { } now)
            {
                events.Publish(new JobEvent.Changed(now));
            }
        }
        finally
        {
            await TidyAsync(job.Id, hold.Attempt, goesBack);
        }
    }

    /// <returns><see langword="null"/> when it was stopped.</returns>
    private async Task<RunOutcome?> OutcomeAsync(Job job, ExecuteRequest? request, JobLog log, JobProgress progress, Held held)
    {
        try
        {
            if (catalogues.Find(job.ProcessId) is not { } found)
            {
                // Other nodes may have it, or this one again in a moment.
                return jobs.IsShared ? new RunOutcome.Lost(JobFailure.NotOffered(job.ProcessId)) : new RunOutcome.Failed(JobFailure.NotOffered(job.ProcessId));
            }

            var provider = catalogues.RunnerOf(job, found.Provider);
            if (request is null && ReferenceEquals(provider, found.Provider))
            {
                var bound = binder.Bind(found.Process, job.Request);
                if (bound.Request is null)
                {
                    return new RunOutcome.Refused(bound.Mistakes);
                }

                request = bound.Request;
            }

            // A chain reads its request itself, step by step.
            request ??= new ExecuteRequest { Inputs = new Dictionary<string, IReadOnlyList<InputValue>>() };
            var run = new JobRun { Job = job, Process = found.Process, Request = request, Progress = progress.Report, Log = log.Add };
            return await provider.RunAsync(run, held.Stop);
        }
        catch (OperationCanceledException) when (held.Stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error) when (IsOfTheStore(error))
        {
            LogStoreAway(error, job.Id);
            return new RunOutcome.Lost(new JobFailure(FailureKind.Lost, "What the job needs could not be read or stored, since the database was away."));
        }
        catch (Exception error)
        {
            LogBroken(error, job.Id, job.ProcessId);
            return new RunOutcome.Failed(new JobFailure(FailureKind.Internal, "The server failed to run the job; its log says more."));
        }
    }

    /// <summary>A database that restarts, or could not be reached for longer than it was waited for: no fault of the job.</summary>
    private static bool IsOfTheStore(Exception? error) => error is DbException { IsTransient: true } || (error is not null && IsOfTheStore(error.InnerException));

    private async Task<RunOutcome?> WithLeaseAsync(JobHold hold, Held held, JobLog log, JobProgress progress, Func<Task<RunOutcome?>> run)
    {
        using var ended = new CancellationTokenSource();
        var lease = TimeSpan.FromSeconds(_options.LeaseSeconds);
        var renewing = RenewAsync(hold, held, lease, log, progress, ended.Token);
        try
        {
            return await run();
        }
        finally
        {
            await ended.CancelAsync();
            await renewing;
        }
    }

    private async Task RenewAsync(JobHold hold, Held held, TimeSpan lease, JobLog log, JobProgress progress, CancellationToken ended)
    {
        // Progress that is stored each second is fresh enough for who polls; the lease alone would do with a third of itself.
        var pause = TimeSpan.FromSeconds(1);
        var renewed = clock.GetTimestamp();
        var stored = progress.Percent;
        try
        {
            while (true)
            {
                await Task.Delay(pause, clock, ended);
                if (progress.Percent == stored && clock.GetElapsedTime(renewed) < lease / 3)
                {
                    await TryFlushAsync(hold.Id, log);
                    continue;
                }

                stored = progress.Percent;
                if (!await TryRenewAsync(hold, lease, stored, log.LastText, ended))
                {
                    held.Cancel(StopReason.NotOurs);
                    return;
                }

                renewed = clock.GetTimestamp();
                await TryFlushAsync(hold.Id, log);
            }
        }
        catch (OperationCanceledException)
        {
            // It ended.
        }
    }

    private async Task<bool> TryRenewAsync(JobHold hold, TimeSpan lease, double percent, string? message, CancellationToken ended)
    {
        try
        {
            return await jobs.RenewAsync(hold, lease, percent, message, ended);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The store may be back before the lease ends; if not, the end of the job can't be stored either.
            LogNotRenewed(error, hold.Id);
            return true;
        }
    }

    /// <summary>Lines that are lost are no reason to lose the job.</summary>
    private async Task TryFlushAsync(JobId id, JobLog log)
    {
        try
        {
            await log.FlushAsync();
        }
        catch (Exception error)
        {
            LogNotLogged(error, id);
        }
    }

    private Task<bool> StoreEndAsync(Job job, JobHold hold, RunOutcome? outcome, Held held)
    {
        var never = CancellationToken.None;
        return outcome switch
        {
            RunOutcome.Succeeded done => jobs.SucceedAsync(hold, done.Outputs, never),
            RunOutcome.Refused refused => jobs.FailAsync(hold, Describe(refused.Mistakes), never),
            RunOutcome.Failed failed => jobs.FailAsync(hold, failed.Failure, never),
            RunOutcome.Lost lost when job.Attempt >= _options.MaxAttempts => jobs.FailAsync(hold, lost.Failure, never),
            RunOutcome.Lost lost => jobs.PutBackAsync(hold, lost.Failure.Message, PauseBefore(job.Attempt + 1), forgetAttempt: false, never),
            _ when held.Reason == StopReason.Draining => jobs.PutBackAsync(hold, "The server was stopped.", TimeSpan.Zero, forgetAttempt: true, never),
            _ => Task.FromResult(false),
        };
    }

    /// <summary>
    /// What failed leaves nothing; what ended needs its request's parts no more. The row says how it ended, and not what we were told: the answer to a success may have been lost on its way, and its
    /// results are results all the same.
    /// </summary>
    private async Task TidyAsync(JobId id, int attempt, bool goesBack)
    {
        var now = await jobs.FindAsync(id, CancellationToken.None);
        if (!goesBack && !(now is { State.Status: JobStatus.Successful or JobStatus.Running } && now.Attempt == attempt))
        {
            await blobs.DeleteAllAsync(JobKeys.Output(id, attempt, ""), CancellationToken.None);
        }

        // Whose workers died with their results stored and the row not changed.
        await blobs.RemoveOutputsAsync(id, attempt - 1);

        if (now is not ({ State.HasEnded: false } or { Request.KeepsInputs: true }))
        {
            await blobs.DeleteAllAsync(JobKeys.Attachments(id), CancellationToken.None);
        }
    }

    private static JobFailure Describe(IReadOnlyList<Mistake> mistakes) =>
        new(FailureKind.Input, string.Join("; ", mistakes), mistakes);

    private static TimeSpan PauseBefore(int attempt) => Backoff.Spread(BackOff[Math.Min(attempt - 2, BackOff.Length - 1)]);

    [LoggerMessage(EventId = 1111, Level = LogLevel.Error, Message = "Job {JobId} of {ProcessId} broke")]
    private partial void LogBroken(Exception error, JobId jobId, string processId);

    [LoggerMessage(EventId = 1114, Level = LogLevel.Warning, Message = "The store was away from job {JobId}, which starts again")]
    private partial void LogStoreAway(Exception error, JobId jobId);

    [LoggerMessage(EventId = 1112, Level = LogLevel.Warning, Message = "The lease of job {JobId} could not be renewed")]
    private partial void LogNotRenewed(Exception error, JobId jobId);

    [LoggerMessage(EventId = 1113, Level = LogLevel.Warning, Message = "What job {JobId} said could not be stored")]
    private partial void LogNotLogged(Exception error, JobId jobId);
}
