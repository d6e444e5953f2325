namespace GeoWps.Tests.Unit.Jobs;

/// <summary>A clock that stands still until it is moved on, and then wakes whoever waited for it. Its ticks have an odd frequency.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _timers = [];
    private readonly List<(TimeSpan? Due, TaskCompletionSource Seen)> _watchers = [];
    private long _ticks = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond * 7;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks) * 7;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Alarm(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends when somebody waits for the clock, for <paramref name="due"/> from then on or (<see langword="null"/>) for any time.</summary>
    public async Task WaitedForAsync(TimeSpan? due = null)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_timers.Exists(timer => due is null || timer.Length == due))
            {
                return;
            }

            _watchers.Add((due, seen));
        }

        await seen.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public void Advance(TimeSpan span)
    {
        Alarm[] due;
        lock (_gate)
        {
            Interlocked.Add(ref _ticks, span.Ticks);
            due = [.. _timers.Where(timer => timer.At <= _ticks)];
            _timers.RemoveAll(due.Contains);
        }

        Array.ForEach(due, timer => timer.Fire());
    }

    private sealed class Alarm(SteppedClock clock, Action fire) : ITimer
    {
        public TimeSpan Length { get; private set; }

        public long At { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    (Length, At) = (dueTime, clock._ticks + dueTime.Ticks);
                    clock._timers.Add(this);
                    foreach (var watcher in clock._watchers.Where(watcher => watcher.Due is null || watcher.Due == dueTime).ToList())
                    {
                        clock._watchers.Remove(watcher);
                        watcher.Seen.SetResult();
                    }
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
