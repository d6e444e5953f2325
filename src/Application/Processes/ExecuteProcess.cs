using GeoWps.Application.Jobs;
using GeoWps.Application.Jobs.Callbacks;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Processes;

/// <summary>Executes a process: checks the request, makes the job, and waits for it when asked to. OGC API - Processes 1.0, clause 7.11.</summary>
public sealed class ExecuteProcess(
    ValidateRequest validate,
    IJobStore jobs,
    IBlobStore blobs,
    IJobEvents events,
    JobWorker worker,
    Readiness readiness,
    DismissJob dismiss,
    CallbackSender callbacks,
    IOptions<JobsOptions> options)
{
    private const int SyncPriority = 10;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>When the caller hangs up while it is waited for, the job is dismissed.</summary>
    public async Task<ExecuteOutcome> ExecuteAsync(ExecuteCall call, CancellationToken cancellationToken)
    {
        var outcome = readiness.IsDraining ? new ExecuteOutcome.Full(RetryAfter) : await StartAsync(call, cancellationToken);
        if (outcome is not (ExecuteOutcome.Started or ExecuteOutcome.Ended))
        {
            await blobs.DeleteAllAsync(JobKeys.All(call.Body.Id), CancellationToken.None);
        }

        return outcome;
    }

    private async Task<ExecuteOutcome> StartAsync(ExecuteCall call, CancellationToken cancellationToken)
    {
        var validated = await validate.ExecuteAsync(call, cancellationToken);
        if (validated.Failure is { } failure)
        {
            return failure;
        }

        var (provider, process, request) = (validated.Provider!, validated.Process!, validated.Request!);
        await using var watch = new JobWatch(events, call.Body.Id);
        var (stopped, job) = await AddAsync(call, provider, process, request, cancellationToken);
        return stopped ?? await AnswerAsync(call, request, job!, watch, cancellationToken);
    }

    private async Task<(ExecuteOutcome? Stopped, Job? Job)> AddAsync(
        ExecuteCall call, IProcessProvider provider, ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken)
    {
        var place = worker.TryReserve(provider.Lane);
        try
        {
            var added = await jobs.AddAsync(
                new NewJob(
                    call.Body.Id,
                    process.Id,
                    provider.Lane,
                    new JobRequest(call.Body.Json.GetRawText(), call.Body.Attachments, call.BaseAddress),
                    call.Owner,
                    call.Mode == ExecuteMode.Sync ? SyncPriority : 0,
                    options.Value.MaxQueued,
                    place is null ? null : (worker.Name, worker.Lease),
                    call.IdempotencyKey is null ? null : (call.IdempotencyKey, call.Body.Digest),
                    OwesCallback: request.Subscriber is not null),
                cancellationToken);
            switch (added)
            {
                case AddOutcome.Added { Job: var job }:
                    if (request.Subscriber is not null)
                    {
                        callbacks.Follow(job.Id);
                    }

                    if (place is null)
                    {
                        worker.Wake(provider.Lane);
                    }
                    else
                    {
                        worker.Start(job, request, place);
                        place = null;
                    }

                    return (null, job);
                case AddOutcome.Repeated { Job: var job }:
                    await blobs.DeleteAllAsync(JobKeys.All(call.Body.Id), CancellationToken.None);
                    return (null, job);
                case AddOutcome.KeyReused:
                    return (new ExecuteOutcome.KeyReused(), null);
                default:
                    return (new ExecuteOutcome.Full(RetryAfter), null);
            }
        }
        finally
        {
            place?.Dispose();
        }
    }

    private async Task<ExecuteOutcome> AnswerAsync(
        ExecuteCall call, ExecuteRequest request, Job job, JobWatch watch, CancellationToken cancellationToken)
    {
        var isOurs = job.Id == call.Body.Id;
        if (call.Mode == ExecuteMode.Async)
        {
            return new ExecuteOutcome.Started(isOurs && call.Wait is { } wait ? await WaitAsync(job, watch, wait, cancellationToken) : job);
        }

        if (!isOurs)
        {
            return new ExecuteOutcome.Ended(await WaitForOtherAsync(job, cancellationToken), request);
        }

        try
        {
            return new ExecuteOutcome.Ended(await watch.Ended.WaitAsync(cancellationToken), request);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await dismiss.ExecuteAsync(job.Id, call.Owner, CancellationToken.None);
            throw;
        }
    }

    /// <returns>The job in its end, or as it was when the patience had one.</returns>
    private static async Task<Job> WaitAsync(Job job, JobWatch watch, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(watch.Ended, Task.Delay(patience, ended.Token));
        await ended.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return watch.Ended.IsCompletedSuccessfully ? await watch.Ended : job;
    }

    /// <summary>A repeated request waits for the job that its first sending made; that one is not dismissed when this one hangs up.</summary>
    private async Task<Job> WaitForOtherAsync(Job job, CancellationToken cancellationToken)
    {
        await using var watch = new JobWatch(events, job.Id);
        var now = await jobs.FindAsync(job.Id, cancellationToken) ?? job;
        return now.State.HasEnded ? now : await watch.Ended.WaitAsync(cancellationToken);
    }
}
