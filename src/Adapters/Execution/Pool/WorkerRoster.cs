using System.Threading.Channels;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Execution.Pool;

/// <summary>
/// Who works and who is free: as many workers as jobs run at once, one that only answers questions, and the drawers. The dead are replaced at once.
/// </summary>
internal sealed class WorkerRoster(PythonOptions options, TimeProvider clock) : IAsyncDisposable
{
    private const long MostGrowthBytes = 512L * 1024 * 1024;

    /// <summary>A job waits no longer for a worker when QGIS does not come back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    private readonly Channel<Worker> _free = Channel.CreateUnbounded<Worker>();
    private readonly SemaphoreSlim _inspecting = new(1, 1);
    private readonly Lock _gate = new();
    private readonly Dictionary<Worker, long> _living = [];
    private readonly DrawerRoster _drawers = new(options.Drawers);
    private readonly HashSet<int> _greeted = [];
    private Func<CancellationToken, Task>? _fork;
    private TaskCompletionSource<Worker> _inspector = NewPlace();
    private int _awaited;
    private bool _closed;

    public static WorkerOutcome NoWorker { get; } =
        new WorkerOutcome.Lost(new JobFailure(FailureKind.Crash, "QGIS is not available at present."));

    /// <summary>There is a template: fork until the roster is full.</summary>
    public void Fill(Func<CancellationToken, Task> fork)
    {
        lock (_gate)
        {
            (_fork, _awaited) = (fork, 0);
            _greeted.Clear();
        }

        Replenish();
    }

    /// <summary>The template is gone.</summary>
    public void Empty()
    {
        lock (_gate)
        {
            _fork = null;
        }
    }

    public void Add(Worker worker, Task listening)
    {
        lock (_gate)
        {
            _awaited = Math.Max(0, _awaited - 1);
            _greeted.Add(worker.OwnId);
            _living.Add(worker, ProcessSignals.ResidentBytes(worker.ProcessId ?? 0));
            if (!_inspector.TrySetResult(worker) && !_drawers.TryAdd(worker))
            {
                _free.Writer.TryWrite(worker);
            }
        }

        _ = RemoveAsync(worker, listening);
    }

    /// <summary>A worker's process has ended; one that never said hello is given up for here.</summary>
    public void Exited(int ownId)
    {
        lock (_gate)
        {
            if (_greeted.Remove(ownId) || _awaited == 0)
            {
                return;
            }
        }

        _ = ReplenishLaterAsync();
    }

    /// <returns><see langword="null"/> when none became free for too long.</returns>
    public async Task<Worker?> TakeAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            while (true)
            {
                var worker = await _free.Reader.ReadAsync(either.Token);
                if (!worker.Ended.IsCompleted)
                {
                    return worker;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <summary>After a run: it is free again, unless it has died, has grown too large or has served long enough.</summary>
    public async Task GiveBackAsync(Worker worker)
    {
        if (!worker.Idle.IsCompleted || worker.Runs >= options.MaxJobsPerWorker || HasGrown(worker))
        {
            await worker.DisposeAsync();
        }
        else if (!worker.Ended.IsCompleted)
        {
            _free.Writer.TryWrite(worker);
        }
    }

    /// <summary>A worker that only draws; the first ones are started by this.</summary>
    /// <param name="of">What is to be drawn: who drew it last has it open.</param>
    /// <exception cref="OperationCanceledException">None became free before.</exception>
    public async Task<Worker> TakeDrawerAsync(string of, CancellationToken cancellationToken)
    {
        if (_drawers.Grow())
        {
            Replenish();
        }

        return await _drawers.TakeAsync(of, cancellationToken);
    }

    /// <summary>It is free again, unless it has died or has grown too large.</summary>
    public async Task GiveBackDrawerAsync(Worker worker, string of)
    {
        if (!worker.Idle.IsCompleted || HasGrown(worker))
        {
            await worker.DisposeAsync();
        }
        else
        {
            _drawers.GiveBack(worker, of);
        }
    }

    /// <summary>One question at a time to the worker that runs no jobs; asked again when that one dies under it, unless the question may be why.</summary>
    public async Task<ReceivedFrame?> InspectAsync(Func<Worker, Task<ReceivedFrame?>> ask, CancellationToken cancellationToken, bool again = true)
    {
        await _inspecting.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                Task<Worker> place;
                lock (_gate)
                {
                    place = _inspector.Task;
                }

                var worker = await place.WaitAsync(Patience, clock, cancellationToken);
                var answer = await AnswerAsync(worker, ask);
                if (answer is not null || attempt == 1 || !again)
                {
                    return answer;
                }

                await worker.Ended.WaitAsync(cancellationToken);
                Replace(worker);
            }
        }
        finally
        {
            _inspecting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Worker[] living;
        lock (_gate)
        {
            (_closed, _fork) = (true, null);
            living = [.. _living.Keys];
        }

        _free.Writer.TryComplete();
        foreach (var worker in living)
        {
            await worker.DisposeAsync();
        }
    }

    private bool HasGrown(Worker worker)
    {
        long before;
        lock (_gate)
        {
            before = _living.GetValueOrDefault(worker);
        }

        return ProcessSignals.ResidentBytes(worker.ProcessId ?? 0) - before > MostGrowthBytes;
    }

    private static TaskCompletionSource<Worker> NewPlace() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waited for whatever its caller does: the next question would find the worker busy.</summary>
    private async Task<ReceivedFrame?> AnswerAsync(Worker worker, Func<Worker, Task<ReceivedFrame?>> ask)
    {
        var answer = ask(worker);
        try
        {
            return await answer.WaitAsync(LongestAnswer, clock);
        }
        catch (TimeoutException)
        {
            worker.Kill();
            return await answer;
        }
    }

    private async Task RemoveAsync(Worker worker, Task listening)
    {
        await listening;
        lock (_gate)
        {
            _living.Remove(worker);
            _drawers.Remove(worker);
        }

        Replace(worker);
        Replenish();
    }

    private void Replace(Worker worker)
    {
        lock (_gate)
        {
            if (_inspector.Task.IsCompleted && _inspector.Task.Result == worker)
            {
                _inspector = NewPlace();
            }
        }
    }

    private async Task ReplenishLaterAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(1), clock);
        lock (_gate)
        {
            _awaited = Math.Max(0, _awaited - 1);
        }

        Replenish();
    }

    private void Replenish()
    {
        Func<CancellationToken, Task>? fork;
        int missing;
        lock (_gate)
        {
            fork = _closed ? null : _fork;
            missing = options.Workers + 1 + _drawers.Wanted - _living.Count - _awaited;
            _awaited += fork is null ? 0 : Math.Max(0, missing);
        }

        for (var i = 0; fork is not null && i < missing; i++)
        {
            _ = ForkAsync(fork);
        }
    }

    private static async Task ForkAsync(Func<CancellationToken, Task> fork)
    {
        try
        {
            await fork(CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The template has just gone; the next one fills the roster.
        }
    }
}
