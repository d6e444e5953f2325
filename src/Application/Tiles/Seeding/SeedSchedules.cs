using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>
/// Follows the clock for all schedules. What was missed while the node was down is not made up for; while a job of a schedule runs, its next time passes by.
/// Of several nodes that have the same schedule one starts the job (<see cref="RunSchedule.AtAsync"/>).
/// </summary>
public sealed partial class SeedSchedules(ScheduleCatalogue schedules, RunSchedule run, TimeProvider clock, ILogger<SeedSchedules> logger) : BackgroundService
{
    /// <summary>A clock that is set, and a change that another node makes, are noticed after so long.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seen = clock.GetUtcNow();
        while (true)
        {
            // Asked before they are read: what changes from here on is not slept through.
            var changed = schedules.Changed;
            var all = await ListAsync(stoppingToken);

            // One that had several times since then starts once.
            var now = clock.GetUtcNow();
            await Task.WhenAll(all.Select(schedule => schedule.NextAfter(seen) is { } due && due <= now ? StartAsync(schedule, due, stoppingToken) : Task.CompletedTask));

            seen = now;
            await SleepAsync(all, seen, changed, stoppingToken);
        }
    }

    private async Task SleepAsync(IReadOnlyList<SeedSchedule> all, DateTimeOffset seen, Task changed, CancellationToken stop)
    {
        var left = all.Min(schedule => schedule.NextAfter(seen)) - clock.GetUtcNow() ?? LongestSleep;
        if (left > TimeSpan.Zero)
        {
            using var awake = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(changed, Task.Delay(left < LongestSleep ? left : LongestSleep, clock, awake.Token));
            await awake.CancelAsync();
        }

        stop.ThrowIfCancellationRequested();
    }

    private async Task<IReadOnlyList<SeedSchedule>> ListAsync(CancellationToken stop)
    {
        try
        {
            return await schedules.ListAsync(stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            LogUnread(error);
            return [];
        }
    }

    private async Task StartAsync(SeedSchedule schedule, DateTimeOffset due, CancellationToken stop)
    {
        try
        {
            await run.AtAsync(schedule, due, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            LogFailed(error, schedule.Name);
        }
    }

    [LoggerMessage(EventId = 1673, Level = LogLevel.Error, Message = "Schedule {Schedule} could not start its job")]
    private partial void LogFailed(Exception error, string schedule);

    [LoggerMessage(EventId = 1540, Level = LogLevel.Error, Message = "The schedules could not be read")]
    private partial void LogUnread(Exception error);
}
