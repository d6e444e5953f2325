using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Jobs;

/// <summary>
/// Takes jobs out of the queue, as many at once as each provider runs, and sees each through to its end. A caller that brings a new job and finds a
/// place free starts it at once; the queue is only for those that must wait.
/// </summary>
public sealed partial class JobWorker : IHostedLifecycleService
{
    /// <summary>Beneath the wake-up calls, because one can be missed.</summary>
    private static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(2);

    /// <summary>How often lost jobs are looked for in a store that several nodes share: they run elsewhere within two seconds of the lease's end.</summary>
    private static readonly TimeSpan BetweenRecoveries = TimeSpan.FromSeconds(1);

    private readonly IJobStore _jobs;
    private readonly IJobEvents _events;
    private readonly JobAttempt _attempt;
    private readonly Readiness _readiness;
    private readonly TimeProvider _clock;
    private readonly ILogger<JobWorker> _logger;
    private readonly INodeNews? _news;
    private readonly JobsOptions _options;
    private readonly TimeSpan _drain;
    private readonly Dictionary<string, LaneState> _lanes;
    private readonly ConcurrentDictionary<JobId, Held> _held = new();
    private readonly CancellationTokenSource _stopClaiming = new();
    private Task _loops = Task.CompletedTask;
    private IDisposable? _listening;

    public JobWorker(
        IJobStore jobs,
        IJobEvents events,
        ProcessCatalogues catalogues,
        JobAttempt attempt,
        Readiness readiness,
        IOptions<JobsOptions> options,
        IOptions<NodeOptions> node,
        TimeProvider clock,
        ILogger<JobWorker> logger,
        INodeNews? news = null,
        NodeLanes? lanes = null)
    {
        (_jobs, _events, _attempt, _readiness, _clock, _logger, _news) = (jobs, events, attempt, readiness, clock, logger, news);
        _options = options.Value;
        _drain = TimeSpan.FromSeconds(node.Value.DrainSeconds);
        _lanes = catalogues.Providers.Where(provider => lanes?.WorksIn(provider) ?? provider.Concurrency > 0)
            .ToDictionary(provider => provider.Lane, provider => new LaneState(provider));
        Name = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid():N}";
    }

    /// <summary>Names this run of this node in the jobs that it holds; a restart has another name.</summary>
    public string Name { get; }

    public TimeSpan Lease => TimeSpan.FromSeconds(_options.LeaseSeconds);

    /// <summary>Takes a free place of a lane for a job that is about to be stored as running. Give it to <see cref="Start"/> or dispose of it.</summary>
    /// <returns><see langword="null"/> when all are taken or the node is stopping: the job has to wait its turn.</returns>
    public IDisposable? TryReserve(string lane) =>
        !_readiness.IsDraining && _lanes.TryGetValue(lane, out var state) && state.Free.Wait(0) ? new Place(state) : null;

    /// <summary>Sees a job through that was stored as running by this worker.</summary>
    public void Start(Job job, ExecuteRequest? request, IDisposable place)
    {
        var held = new Held();
        _held[job.Id] = held;
        held.Run = Task.Run(() => SeeThroughAsync(job, request, held, place));
    }

    /// <summary>A job was stored as waiting: look now.</summary>
    public void Wake(string lane)
    {
        if (_lanes.TryGetValue(lane, out var state))
        {
            state.Signal();
        }
    }

    /// <summary>Stops the work on a job that was dismissed; nothing happens when this node does not hold it.</summary>
    public void StopWork(JobId id)
    {
        if (_held.TryGetValue(id, out var held))
        {
            held.Cancel(StopReason.Dismissed);
        }
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var job in await _jobs.RecoverAsync(_options.MaxAttempts, _jobs.IsShared ? null : Name, cancellationToken))
        {
            LogRecovered(job.Id, job.State.Status);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = _news?.Listen(Hear);
        _loops = Task.WhenAll(_lanes.Values
            .Select(lane => Task.Run(() => ClaimAsync(lane, _stopClaiming.Token), CancellationToken.None))
            .Append(Task.Run(() => RecoverAsync(_stopClaiming.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before anything else stops: no new work, then what runs ends or goes back into the queue.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _readiness.Drain();
        await _stopClaiming.CancelAsync();
        await _loops;

        // Some of the time is kept for handing back.
        var patience = _drain > TimeSpan.FromSeconds(4) ? _drain - TimeSpan.FromSeconds(3) : _drain / 2;
        var running = _held.Values.Select(held => held.Run).ToArray();
        if (running.Length == 0)
        {
            return;
        }

        LogDraining(running.Length, patience);
        await Task.WhenAny(Task.WhenAll(running), Task.Delay(patience, _clock, cancellationToken));
        foreach (var held in _held.Values)
        {
            held.Cancel(StopReason.Draining);
        }

        await Task.WhenAll(_held.Values.Select(held => held.Run));
    }

    /// <summary>What other nodes tell.</summary>
    private void Hear(NodeNews news)
    {
        switch (news)
        {
            case NodeNews.JobWaits(var lane):
                Wake(lane);
                break;
            case NodeNews.JobDismissed(var id):
                StopWork(id);
                break;
            case NodeNews.Missed:
                // What was called off meanwhile is found with the next renewal.
                foreach (var lane in _lanes.Keys)
                {
                    Wake(lane);
                }

                break;
        }
    }

    /// <summary>For a start that failed half way; otherwise all is still by now.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _listening?.Dispose();
        await _stopClaiming.CancelAsync();
        await _loops;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ClaimAsync(LaneState lane, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await lane.Free.WaitAsync(stop);
                if (!await TryStartNextAsync(lane, stop))
                {
                    await WaitAsync(lane, stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The store is away for a moment; the loop must not end with it.
                LogClaimFailed(error, lane.Name);
                await Task.Delay(SlowPoll, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Starts the job that is next, in a place that has been taken; it is given back when there is none, and when the store fails.</summary>
    private async Task<bool> TryStartNextAsync(LaneState lane, CancellationToken stop)
    {
        Place? place = new(lane);
        try
        {
            var processes = ClaimedOf(lane);
            if (processes is { Length: 0 } || await _jobs.ClaimAsync(lane.Name, Name, Lease, processes, stop) is not { } job)
            {
                return false;
            }

            Start(job, request: null, place);
            place = null;
            return true;
        }
        finally
        {
            place?.Dispose();
        }
    }

    /// <summary>What others have may be beyond this node; where it is alone, what it does not know any more ends here.</summary>
    private string[]? ClaimedOf(LaneState lane) => _jobs.IsShared ? lane.Processes : null;

    /// <summary>Jobs whose worker let its lease run out: another node's, or ours when the store was away at their end.</summary>
    private async Task RecoverAsync(CancellationToken stop)
    {
        var pause = _jobs.IsShared && BetweenRecoveries < Lease / 3 ? BetweenRecoveries : Lease / 3;
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(pause, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                foreach (var job in await _jobs.RecoverAsync(_options.MaxAttempts, ofWorkersOtherThan: null, stop))
                {
                    LogRecovered(job.Id, job.State.Status);
                    StopIfDismissed(job);
                    _events.Publish(new JobEvent.Changed(job));
                    Wake(job.Lane);
                }
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                LogClaimFailed(error, "lost jobs");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>A step whose chain was lost.</summary>
    private void StopIfDismissed(Job job)
    {
        if (job.State.Status == JobStatus.Dismissed)
        {
            StopWork(job.Id);
        }
    }

    private async Task WaitAsync(LaneState lane, CancellationToken stop)
    {
        var due = await _jobs.NextDueAsync(lane.Name, ClaimedOf(lane), stop) - _clock.GetUtcNow();
        var patience = due is { } delay && delay < SlowPoll ? delay : SlowPoll;
        if (patience > TimeSpan.Zero)
        {
            await lane.WaitAsync(patience, _clock, stop);
        }
    }

    private async Task SeeThroughAsync(Job job, ExecuteRequest? request, Held held, IDisposable place)
    {
        try
        {
            await _attempt.RunAsync(job, request, new JobHold(job.Id, job.Attempt, Name), held);
        }
        catch (Exception error)
        {
            // Only the store can fail here; the lease runs out and the job starts again.
            LogLost(error, job.Id);
        }
        finally
        {
            _held.TryRemove(job.Id, out _);
            held.Dispose();
            place.Dispose();
            Wake(job.Lane);
        }
    }

    private sealed class LaneState(IProcessProvider provider)
    {
        private Named? _named;
        private volatile TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name { get; } = provider.Lane;

        public SemaphoreSlim Free { get; } = new(provider.Concurrency, provider.Concurrency);

        /// <summary>Those that it runs now; <see langword="null"/>: whatever is in the lane, which are chains.</summary>
        public string[]? Processes
        {
            get
            {
                if (provider is ChainProvider)
                {
                    return null;
                }

                var (named, catalogue) = (_named, provider.Catalogue);
                return (ReferenceEquals(named?.Catalogue, catalogue) ? named! : _named = new Named(catalogue, [.. catalogue.Processes.Keys])).Processes;
            }
        }

        public void Signal() => _wake.TrySetResult();

        public async Task WaitAsync(TimeSpan patience, TimeProvider clock, CancellationToken stop)
        {
            using var timeUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(_wake.Task, Task.Delay(patience, clock, timeUp.Token));
            await timeUp.CancelAsync();
            if (_wake.Task.IsCompleted)
            {
                _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            stop.ThrowIfCancellationRequested();
        }
    }

    private sealed record Named(ProcessCatalogue Catalogue, string[] Processes);

    private sealed class Place(LaneState lane) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                lane.Free.Release();
            }
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Job {JobId} was running when its worker ended; it is {Status} now")]
    private partial void LogRecovered(JobId jobId, JobStatus status);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Error, Message = "The queue of {Lane} can't be read; trying again")]
    private partial void LogClaimFailed(Exception error, string lane);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Error, Message = "The end of job {JobId} could not be stored; it starts again when its lease has run out")]
    private partial void LogLost(Exception error, JobId jobId);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Information, Message = "Stopping: {Count} running jobs have {Patience} to end")]
    private partial void LogDraining(int count, TimeSpan patience);
}
