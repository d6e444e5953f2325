namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Holds work back to so many tiles a second. Nothing is saved up: after a pause it goes on at the same pace.</summary>
/// <param name="rate">Tiles a second; <see langword="null"/>: no limit.</param>
internal sealed class SeedPace(double? rate, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _next;

    /// <summary>Before a metatile that failed is tried again: longer each time, and never quite the same for all.</summary>
    /// <param name="attempt">Of those that failed, from 0.</param>
    /// <param name="asked">By its source.</param>
    public static TimeSpan Pause(int attempt, TimeSpan? asked) => asked is { } wanted
        ? Backoff.After(0, wanted, LongestPause)
        : Backoff.After(attempt, FirstPause, LongestPause, factor: 3);

    /// <summary>Ends when it is time for so many more tiles.</summary>
    public Task WaitAsync(long tiles, CancellationToken cancellationToken)
    {
        if (rate is not { } perSecond)
        {
            return Task.CompletedTask;
        }

        TimeSpan wait;
        lock (_lock)
        {
            var now = clock.GetElapsedTime(_start);
            var turn = _next > now ? _next : now;
            _next = turn + TimeSpan.FromSeconds(Math.Min(tiles / perSecond, 86_400));
            wait = turn - now;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, clock, cancellationToken) : Task.CompletedTask;
    }
}
