using Microsoft.Extensions.Hosting;

namespace GeoWps.Application;

/// <summary>Starts things by the clock. What was missed while the node was down is not made up for; one that had several times since it was last looked at starts once.</summary>
/// <typeparam name="T">What has times.</typeparam>
public abstract class ClockFollower<T>(TimeProvider clock) : BackgroundService
{
    /// <summary>A clock that is set, and a change that another node makes, are noticed after so long.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    /// <summary>Ends with the next change of what there is.</summary>
    protected abstract Task Changed { get; }

    /// <summary>All there are; failures of it are the heir's to catch.</summary>
    protected abstract Task<IReadOnlyList<T>> ListAsync(CancellationToken stop);

    /// <returns><see langword="null"/>: never again.</returns>
    protected abstract DateTimeOffset? NextAfter(T one, DateTimeOffset time);

    /// <summary>Starts one; failures of it are the heir's to catch.</summary>
    protected abstract Task StartAsync(T one, DateTimeOffset due, CancellationToken stop);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seen = clock.GetUtcNow();
        while (true)
        {
            // Asked before they are read: what changes from here on is not slept through.
            var changed = Changed;
            var all = await ListAsync(stoppingToken);
            var now = clock.GetUtcNow();
            await Task.WhenAll(all.Select(one => NextAfter(one, seen) is { } due && due <= now ? StartAsync(one, due, stoppingToken) : Task.CompletedTask));

            seen = now;
            await SleepAsync(all, seen, changed, stoppingToken);
        }
    }

    private async Task SleepAsync(IReadOnlyList<T> all, DateTimeOffset seen, Task changed, CancellationToken stop)
    {
        var left = all.Min(one => NextAfter(one, seen)) - clock.GetUtcNow() ?? LongestSleep;
        if (left > TimeSpan.Zero)
        {
            using var awake = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(changed, Task.Delay(left < LongestSleep ? left : LongestSleep, clock, awake.Token));
            await awake.CancelAsync();
        }

        stop.ThrowIfCancellationRequested();
    }
}
