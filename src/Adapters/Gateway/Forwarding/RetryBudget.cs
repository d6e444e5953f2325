namespace GeoWps.Adapters.Gateway.Forwarding;

/// <summary>
/// How many requests may be on their second way at once: a part of those in flight, so that retries can't multiply an outage. Whoever finds it used up waits for a turn.
/// </summary>
/// <param name="percent">Of the requests in flight.</param>
/// <param name="least">As many always.</param>
internal sealed class RetryBudget(int percent, int least, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _inFlight;
    private int _taken;

    public int InFlight => Volatile.Read(ref _inFlight);

    public int Taken => Volatile.Read(ref _taken);

    private int Limit => Math.Max(least, InFlight * percent / 100);

    public void Begin() => Interlocked.Increment(ref _inFlight);

    public void End() => Interlocked.Decrement(ref _inFlight);

    /// <returns>Whether the caller may send again; then it owes a <see cref="Release"/>.</returns>
    public async ValueTask<bool> TakeAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (_taken < Limit)
            {
                _taken++;
                return true;
            }

            if (patience <= TimeSpan.Zero)
            {
                return false;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.AddLast(turn);
        }

        try
        {
            await turn.Task.WaitAsync(patience, clock, cancellationToken);
            return true;
        }
        catch (Exception reason) when (reason is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                // The turn may have come at the last moment.
                if (_waiting.Remove(turn))
                {
                    return false;
                }
            }

            Release();
            return false;
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            _taken--;
            while (_taken < Limit && _waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                _taken++;
                next.Value.SetResult();
            }
        }
    }
}
