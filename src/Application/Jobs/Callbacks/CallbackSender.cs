using System.Collections.Concurrent;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Binding;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Jobs.Callbacks;

/// <summary>
/// Tells subscribers of their jobs: OGC API - Processes 1.0, class "Callback". How far a job is, is told when it can be, at most every five seconds; its end
/// is delivered at least once, through failures of the other side and restarts of this one, until it was tried often enough.
/// </summary>
public sealed partial class CallbackSender(
    ICallbackOutbox outbox,
    ICallbackClient client,
    ICallbackBodies bodies,
    IJobStore jobs,
    IJobEvents events,
    IReferenceFetcher references,
    IOptions<CallbackOptions> options,
    TimeProvider clock,
    ILogger<CallbackSender> logger) : IHostedService
{
    private const int MostAtOnce = 16;

    private static readonly TimeSpan BetweenProgress = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Beneath the events, because one can be missed.</summary>
    private static readonly TimeSpan SlowLook = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<JobId, Task> _following = new();
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private Task _looking = Task.CompletedTask;

    /// <summary>What an earlier process owed is owed by this one; and, looking now and then, what another node owed that is gone.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        _looking = Task.Run(() => KeepLookingAsync(_stop.Token), CancellationToken.None);
    }

    /// <summary>What is on its way is broken off: it is still owed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _looking;
        await Task.WhenAll(_following.Values);
    }

    /// <summary>From now on the subscriber of a job that was just stored is told of it.</summary>
    public void Follow(JobId id) => Follow(new OwedCallback(id, 0, clock.GetUtcNow()));

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var owed in await outbox.ListAsync(cancellationToken))
        {
            if (!_following.ContainsKey(owed.Id))
            {
                Follow(owed);
            }
        }
    }

    private async Task KeepLookingAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(SlowLook, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await LookAsync(stopping);
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                LogNotLooked(error);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private void Follow(OwedCallback owed)
    {
        var following = Task.Run(() => FollowAsync(owed, _stop.Token));
        _following[owed.Id] = following;
        _ = following.ContinueWith(_ => _following.TryRemove(owed.Id, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task FollowAsync(OwedCallback owed, CancellationToken stopping)
    {
        try
        {
            var job = await EndOfAsync(owed.Id, stopping);
            if (job is not null && SubscriberOf(job) is { } subscriber)
            {
                await DeliverAsync(owed, job, subscriber, stopping);
            }

            await outbox.SettleAsync(owed.Id, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next process goes on.
        }
        catch (Exception error)
        {
            LogBroken(error, owed.Id);
        }
    }

    /// <returns><see langword="null"/> when the job was removed.</returns>
    private async Task<Job?> EndOfAsync(JobId id, CancellationToken stopping)
    {
        while (true)
        {
            using var look = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            try
            {
                var happenings = events.WatchAsync(id, look.Token);
                var job = await jobs.FindAsync(id, stopping);
                if (job is not { State.HasEnded: false })
                {
                    return job;
                }

                look.CancelAfter(SlowLook);
                if (await WatchAsync(job, happenings, look.Token, stopping) is { } ended)
                {
                    return ended;
                }
            }
            finally
            {
                // What has ended before is not watched at all.
                await look.CancelAsync();
            }
        }
    }

    private async Task<Job?> WatchAsync(Job job, IAsyncEnumerable<JobEvent> happenings, CancellationToken look, CancellationToken stopping)
    {
        try
        {
            await TellProgressAsync(job, stopping);
            var told = clock.GetUtcNow();
            await foreach (var happening in happenings.WithCancellation(look))
            {
                if (happening is JobEvent.Changed { Job: { State.HasEnded: true } ended })
                {
                    return ended;
                }

                if (clock.GetUtcNow() - told >= BetweenProgress && await jobs.FindAsync(job.Id, stopping) is { State.HasEnded: false } now)
                {
                    told = clock.GetUtcNow();
                    await TellProgressAsync(now, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Time to look for oneself.
        }

        return null;
    }

    /// <summary>Once: soon there is more to tell.</summary>
    private async Task TellProgressAsync(Job job, CancellationToken stopping)
    {
        if (SubscriberOf(job)?.InProgressUri is { } address)
        {
            await PostAsync(address, (body, token) => bodies.WriteStatusAsync(job, body, token), stopping);
        }
    }

    private async Task DeliverAsync(OwedCallback owed, Job job, Subscriber subscriber, CancellationToken stopping)
    {
        var isGood = job.State.Status == JobStatus.Successful;
        if ((isGood ? subscriber.SuccessUri : subscriber.FailedUri) is not { } address)
        {
            return;
        }

        while (true)
        {
            if (owed.Due - clock.GetUtcNow() is { Ticks: > 0 } pause)
            {
                await Task.Delay(pause, clock, stopping);
            }

            var outcome = await PostAsync(
                address, (body, token) => isGood ? bodies.WriteResultsAsync(job, body, token) : bodies.WriteStatusAsync(job, body, token), stopping);
            if (outcome is not CallbackOutcome.Failed(var reason, var isFinal))
            {
                return;
            }

            owed = new OwedCallback(owed.Id, owed.Attempts + 1, clock.GetUtcNow() + Backoff.After(owed.Attempts, FirstPause, LongestPause));
            if (isFinal || owed.Attempts >= options.Value.MaxAttempts)
            {
                LogGivenUp(owed.Id, address.Host, owed.Attempts, reason);
                return;
            }

            await outbox.PostponeAsync(owed, stopping);
        }
    }

    private async Task<CallbackOutcome> PostAsync(Uri address, Func<Stream, CancellationToken, Task> write, CancellationToken stopping)
    {
        await _places.WaitAsync(stopping);
        try
        {
            return await client.PostAsync(address, write, stopping);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Judged again: what may be reached can have changed since the job was accepted.</summary>
    private Subscriber? SubscriberOf(Job job)
    {
        using var request = JsonDocument.Parse(job.Request.Json, RequestLimits.Reading);
        return SubscriberBinding.Read(request.RootElement, references, []);
    }

    [LoggerMessage(EventId = 1351, Level = LogLevel.Warning, Message = "The subscriber of job {JobId} at {Host} was not told of its end after {Attempts} attempts: {Reason}")]
    private partial void LogGivenUp(JobId jobId, string host, int attempts, string reason);

    [LoggerMessage(EventId = 1352, Level = LogLevel.Error, Message = "The subscriber of job {JobId} could not be told; the next start tries again")]
    private partial void LogBroken(Exception error, JobId jobId);

    [LoggerMessage(EventId = 1353, Level = LogLevel.Warning, Message = "The callbacks owed can't be read; they are looked for again")]
    private partial void LogNotLooked(Exception error);
}
