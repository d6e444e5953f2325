using GeoWps.Application.Jobs;
using GeoWps.Application.Jobs.Callbacks;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Chains;
using GeoWps.Application.Processes.Recall;
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
    RememberedResults remembered,
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
        var isOfChain = call.Chain is not null || provider is ChainProvider;
        var recollection = isOfChain ? Recollection.None : await remembered.RecallAsync(call, process, request, cancellationToken);
        await using var watch = new JobWatch(events, call.Body.Id);
        var (stopped, job) = recollection.Source is { } source
            ? await AddAnsweredAsync(call, provider, process, request, source, cancellationToken)
            : await AddAsync(call, provider, process, request, recollection.Digest, cancellationToken);
        return stopped ?? await AnswerAsync(call, request, job!, watch, cancellationToken);
    }

    private async Task<(ExecuteOutcome? Stopped, Job? Job)> AddAsync(
        ExecuteCall call, IProcessProvider provider, ProcessDescription process, ExecuteRequest request, string? digest, CancellationToken cancellationToken)
    {
        var lane = provider.LaneOf(process);
        var place = provider.IsElsewhere ? null : worker.TryReserve(lane);
        try
        {
            var added = await jobs.AddAsync(JobOf(call, provider, process, request, startsAtOnce: place is not null) with { RequestDigest = digest }, cancellationToken);
            if (added is not AddOutcome.Added { Job: var job })
            {
                return await NotAddedAsync(call, added);
            }

            FollowFor(request.Subscriber, job);
            if (place is null)
            {
                worker.Wake(lane);
            }
            else
            {
                worker.Start(job, request, place);
                place = null;
            }

            return (null, job);
        }
        finally
        {
            place?.Dispose();
        }
    }

    /// <summary>The job needs no worker: it starts at once and ends with the results of another; or it is run after all.</summary>
    private async Task<(ExecuteOutcome? Stopped, Job? Job)> AddAnsweredAsync(
        ExecuteCall call, IProcessProvider provider, ProcessDescription process, ExecuteRequest request, Job source, CancellationToken cancellationToken)
    {
        var added = await jobs.AddAsync(JobOf(call, provider, process, request, startsAtOnce: true), cancellationToken);
        if (added is not AddOutcome.Added { Job: var started })
        {
            return await NotAddedAsync(call, added);
        }

        FollowFor(request.Subscriber, started);
        var job = await remembered.AnswerAsync(started, new JobHold(started.Id, started.Attempt, worker.Name), source);
        worker.Wake(job.Lane);
        return (null, job);
    }

    private NewJob JobOf(ExecuteCall call, IProcessProvider provider, ProcessDescription process, ExecuteRequest request, bool startsAtOnce) => new(
        call.Body.Id,
        process.Id,
        provider.LaneOf(process),
        new JobRequest(call.Body.Json.GetRawText(), call.Body.Attachments, call.BaseAddress),
        call.Owner,
        call.Chain?.Priority ?? (call.Mode == ExecuteMode.Sync ? SyncPriority : 0),
        options.Value.MaxQueued,
        startsAtOnce ? (worker.Name, worker.Lease) : null,
        call.IdempotencyKey is null ? null : (call.IdempotencyKey, call.Body.Digest))
    {
        OwesCallback = request.Subscriber is not null,
        Parent = call.Chain?.Hold,
        IsAdministered = call.Chain?.IsAdministered ?? call.IsAdministrator,
    };

    private void FollowFor(Subscriber? subscriber, Job job)
    {
        if (subscriber is not null)
        {
            callbacks.Follow(job.Id);
        }
    }

    private async Task<(ExecuteOutcome? Stopped, Job? Job)> NotAddedAsync(ExecuteCall call, AddOutcome outcome)
    {
        switch (outcome)
        {
            case AddOutcome.Repeated { Job: var job }:
                await blobs.DeleteAllAsync(JobKeys.All(call.Body.Id), CancellationToken.None);
                return (null, job);
            case AddOutcome.Orphaned:
                return (new ExecuteOutcome.Orphaned(), null);
            case AddOutcome.KeyReused:
                return (new ExecuteOutcome.KeyReused(), null);
            default:
                return (new ExecuteOutcome.Full(RetryAfter), null);
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
            await dismiss.CallOffAsync(job.Id);
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
