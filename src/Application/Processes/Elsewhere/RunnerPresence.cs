using GeoWps.Application.Jobs;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Chains;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Processes.Elsewhere;

/// <summary>
/// Tells the cluster what this node runs, learns what others run, answers what they ask about requests, and looks after jobs that nobody runs. Where this node is alone
/// it does nothing.
/// </summary>
public sealed partial class RunnerPresence(
    IEnumerable<IRunners> runners,
    RemoteProcesses remote,
    ProcessCatalogues catalogues,
    NodeLanes lanes,
    ThisNode self,
    IJobEvents events,
    IBlobStore blobs,
    IOptions<JobsOptions> options,
    TimeProvider clock,
    ILogger<RunnerPresence> logger) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>A change of the own catalogue is told so soon; it is a comparison of references.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly IRunners? _runners = runners.FirstOrDefault();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _heard = new(0);
    private HashSet<string> _unclaimed = [];
    private (ProcessCatalogue[] Of, RunnerLane[] Lanes) _own = ([], []);
    private Task _running = Task.CompletedTask;
    private IDisposable? _listening;
    private IDisposable? _answering;
    private long? _read;
    private TimeSpan _grace;
    private long _back;

    /// <summary>Before anybody can ask for a process.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_runners is not null)
        {
            _listening = _runners.Listen(() => _heard.Release());
            await TryAsync(ReadAsync, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_runners is not null)
        {
            _answering = _runners.Answer(Has, CheckAsync);
            _running = Task.Run(() => KeepAsync(_stopping.Token), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Who takes no more jobs is nobody to wait for.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_runners is not null && !_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            await _running;
            await TryAsync(_runners.LeaveAsync, cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _answering?.Dispose();
        _listening?.Dispose();
        await _stopping.CancelAsync();
        await _running;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        _heard.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task KeepAsync(CancellationToken stop)
    {
        var beat = _runners!.Life / 3;
        RunnerLane[]? told = null;
        long? kept = null;
        long? read = null;
        while (!stop.IsCancellationRequested)
        {
            var own = Own();
            if (!ReferenceEquals(own, told) || kept is null || clock.GetElapsedTime(kept.Value) >= beat)
            {
                if (await TryAsync(token => _runners.KeepAsync(self.Name, own, token), stop))
                {
                    (told, kept) = (own, clock.GetTimestamp());
                    await TryAsync(LookAfterUnclaimedAsync, stop);
                }
            }

            var heard = await WaitAsync(stop);
            if (heard || read is null || clock.GetElapsedTime(read.Value) >= beat)
            {
                await TryAsync(ReadAsync, stop);
                read = clock.GetTimestamp();
            }
        }
    }

    /// <returns>Whether something was heard, however often.</returns>
    private async Task<bool> WaitAsync(CancellationToken stop)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var heard = _heard.WaitAsync(time.Token);
        await Task.WhenAny(heard, Task.Delay(Look, clock, time.Token));
        await time.CancelAsync();
        await heard.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!heard.IsCompletedSuccessfully)
        {
            return false;
        }

        while (_heard.Wait(0, CancellationToken.None))
        {
            // Once is enough.
        }

        return true;
    }

    /// <summary>The same object as long as nothing changed.</summary>
    private RunnerLane[] Own()
    {
        var working = catalogues.Providers.Where(lanes.WorksIn).ToArray();
        ProcessCatalogue[] now = Array.ConvertAll(working, provider => provider.Catalogue);
        if (!_own.Of.SequenceEqual(now, ReferenceEqualityComparer.Instance))
        {
            _own = (now, [.. working.Select(provider => new RunnerLane(provider.Lane, provider is ChainProvider ? null : provider.Catalogue))]);
        }

        return _own.Lanes;
    }

    private bool Has(string lane, string process) =>
        catalogues.Find(process) is { } found && lanes.WorksIn(found.Provider) && found.Provider.Lane == lane && found.Process.Id == process;

    private async Task<IReadOnlyList<Mistake>> CheckAsync(RunnerQuestion question, CancellationToken cancellationToken) =>
        catalogues.Find(question.Process) is { Provider.IsElsewhere: false } found ? await found.Provider.CheckAsync(found.Process, question.Request, cancellationToken) : [];

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        // Who could not read for long could not be heard either, nor could others: they have the time that passed, until they had time to speak again.
        if (_read is { } last && clock.GetElapsedTime(last) is var silence && silence > _runners!.Life)
        {
            (_grace, _back) = (silence, clock.GetTimestamp());
        }
        else if (clock.GetElapsedTime(_back) > _runners!.Life)
        {
            _grace = TimeSpan.Zero;
        }

        remote.Take(await _runners.ListOthersAsync(_grace, cancellationToken));
        _read = clock.GetTimestamp();
    }

    private async Task LookAfterUnclaimedAsync(CancellationToken cancellationToken)
    {
        var found = await _runners!.LookAfterUnclaimedAsync(TimeSpan.FromMinutes(options.Value.UnclaimableMinutes), cancellationToken);
        foreach (var process in found.Processes.Where(process => !_unclaimed.Contains(process)))
        {
            LogUnclaimed(process, options.Value.UnclaimableMinutes);
        }

        _unclaimed = [.. found.Processes];
        foreach (var job in found.Failed)
        {
            LogGivenUp(job.Id, job.ProcessId, options.Value.UnclaimableMinutes);
            events.Publish(new JobEvent.Changed(job));
            if (!job.Request.KeepsInputs)
            {
                await blobs.DeleteAllAsync(JobKeys.Attachments(job.Id), CancellationToken.None);
            }
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The store says so, too; what was known goes on.
            LogFailed(error);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 1580, Level = LogLevel.Warning, Message = "Jobs wait for {Process}, which no node runs now; in {Minutes} minutes they fail")]
    private partial void LogUnclaimed(string process, int minutes);

    [LoggerMessage(EventId = 1581, Level = LogLevel.Warning, Message = "Job {JobId} of {Process} has failed: no node has had its process for {Minutes} minutes")]
    private partial void LogGivenUp(JobId jobId, string process, int minutes);

    [LoggerMessage(EventId = 1582, Level = LogLevel.Warning, Message = "What nodes run can't be told or read now; trying again")]
    private partial void LogFailed(Exception error);
}
