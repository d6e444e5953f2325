using GeoWps.Adapters.Execution.Pool;

namespace GeoWps.Adapters.Execution.Workers;

/// <summary>One PyQGIS worker: answers one request at a time.</summary>
/// <param name="processId">As this process sees it; <see langword="null"/> for the worker inside this process, which nobody can kill.</param>
/// <param name="ownId">As it sees itself; by this its template tells how it ended.</param>
internal sealed class Worker(FrameConnection connection, int? processId, int ownId) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastId;
    private Exchange? _exchange;

    public int? ProcessId => processId;

    public int OwnId => ownId;

    /// <summary>Runs that it did.</summary>
    public int Runs { get; set; }

    /// <summary>Completes when its connection does.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completes when it has nothing to do, or has ended.</summary>
    public Task Idle
    {
        get
        {
            lock (_gate)
            {
                return _exchange?.Answer.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>Asks, and gives back the id of the question and the frame that ends the answer; <see langword="null"/>: it ended before.</summary>
    /// <param name="notice">For what it says meanwhile.</param>
    public (long Id, Task<ReceivedFrame?> Answer) Ask(Func<FrameConnection, long, ValueTask> send, Action<ReceivedFrame>? notice)
    {
        Exchange exchange;
        lock (_gate)
        {
            if (_exchange is not null)
            {
                throw new InvalidOperationException("A worker answers one request at a time.");
            }

            exchange = new Exchange(++_lastId, notice);
            _exchange = exchange;
        }

        _ = SendAsync(send, exchange);
        return (exchange.Id, exchange.Answer.Task);
    }

    public async Task CancelAsync(long id)
    {
        try
        {
            await connection.SendAsync(new CancelFrame(id), FrameJson.Default.CancelFrame, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It has ended, which is what was wanted.
        }
    }

    /// <returns>Whether that is possible.</returns>
    public bool Kill()
    {
        if (processId is not { } process || _ended.Task.IsCompleted)
        {
            return false;
        }

        ProcessSignals.KillGroup(process);
        return true;
    }

    /// <summary>Reads until the connection ends; never throws.</summary>
    /// <returns>What was wrong with it, if anything.</returns>
    public async Task<Exception?> ListenAsync(CancellationToken cancellationToken)
    {
        Exception? broken = null;
        try
        {
            while (await connection.ReceiveAsync(cancellationToken) is { } frame)
            {
                Dispatch(frame);
            }
        }
        catch (Exception error) when (error is InvalidDataException or OperationCanceledException)
        {
            broken = error;
        }

        _ended.TrySetResult();
        Complete(null, null);
        await connection.DisposeAsync();
        return broken;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task SendAsync(Func<FrameConnection, long, ValueTask> send, Exchange exchange)
    {
        try
        {
            await send(connection, exchange.Id);
            if (_ended.Task.IsCompleted)
            {
                Complete(exchange.Id, null);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            Complete(exchange.Id, null);
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                _exchange = null;
            }

            exchange.Answer.TrySetException(error);
        }
    }

    private void Dispatch(ReceivedFrame frame)
    {
        if (frame.Op is "progress" or "log")
        {
            Exchange? exchange;
            lock (_gate)
            {
                exchange = _exchange;
            }

            if (exchange?.Id == frame.Id)
            {
                exchange?.Notice?.Invoke(frame);
            }

            return;
        }

        Complete(frame.Id, frame);
    }

    private void Complete(long? id, ReceivedFrame? frame)
    {
        Exchange? exchange;
        lock (_gate)
        {
            exchange = _exchange;
            if (exchange is null || (id is not null && exchange.Id != id))
            {
                return;
            }

            _exchange = null;
        }

        exchange.Answer.TrySetResult(frame);
    }

    private sealed record Exchange(long Id, Action<ReceivedFrame>? Notice)
    {
        public TaskCompletionSource<ReceivedFrame?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
