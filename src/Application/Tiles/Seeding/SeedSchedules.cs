using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>
/// Follows the clock for all schedules. While a job of a schedule runs, its next time passes by.
/// Of several nodes that have the same schedule one starts the job (<see cref="RunSchedule.AtAsync"/>).
/// </summary>
public sealed partial class SeedSchedules(ScheduleCatalogue schedules, RunSchedule run, TimeProvider clock, ILogger<SeedSchedules> logger) : ClockFollower<SeedSchedule>(clock)
{
    protected override Task Changed => schedules.Changed;

    protected override async Task<IReadOnlyList<SeedSchedule>> ListAsync(CancellationToken stop)
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

    protected override DateTimeOffset? NextAfter(SeedSchedule one, DateTimeOffset time) => one.NextAfter(time);

    protected override async Task StartAsync(SeedSchedule one, DateTimeOffset due, CancellationToken stop)
    {
        try
        {
            await run.AtAsync(one, due, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            LogFailed(error, one.Name);
        }
    }

    [LoggerMessage(EventId = 1673, Level = LogLevel.Error, Message = "Schedule {Schedule} could not start its job")]
    private partial void LogFailed(Exception error, string schedule);

    [LoggerMessage(EventId = 1540, Level = LogLevel.Error, Message = "The schedules could not be read")]
    private partial void LogUnread(Exception error);
}
