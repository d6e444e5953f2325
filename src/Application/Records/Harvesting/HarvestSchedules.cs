using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Seeding;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Harvests by the clock. While a job of a source runs, its next time passes by; of several nodes one starts it.</summary>
public sealed partial class HarvestSchedules(HarvestSources sources, TimeProvider clock, ILogger<HarvestSchedules> logger) : ClockFollower<HarvestSource>(clock)
{
    protected override Task Changed => sources.Changed;

    protected override async Task<IReadOnlyList<HarvestSource>> ListAsync(CancellationToken stop)
    {
        try
        {
            return [.. (await sources.ListAsync(stop)).Where(source => source.When is not null)];
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            LogUnread(error);
            return [];
        }
    }

    protected override DateTimeOffset? NextAfter(HarvestSource one, DateTimeOffset time) => HarvestForm.NextAfter(one, time);

    protected override async Task StartAsync(HarvestSource one, DateTimeOffset due, CancellationToken stop)
    {
        try
        {
            switch (await sources.AtAsync(one, due, stop))
            {
                case ScheduleOutcome.StillRuns(var job):
                    LogStillRuns(one.Id, job.Id.Value);
                    break;
                case ScheduleOutcome.Refused(var why):
                    LogRefused(one.Id, why.GetType().Name);
                    break;
            }
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            LogFailed(error, one.Id);
        }
    }

    [LoggerMessage(EventId = 1852, Level = LogLevel.Information, Message = "Source {Source} passes over this time: its job {JobId} still runs")]
    private partial void LogStillRuns(string source, string jobId);

    [LoggerMessage(EventId = 1853, Level = LogLevel.Warning, Message = "Source {Source} was not started by the clock: {Reason}")]
    private partial void LogRefused(string source, string reason);

    [LoggerMessage(EventId = 1854, Level = LogLevel.Error, Message = "Source {Source} could not start its job")]
    private partial void LogFailed(Exception error, string source);

    [LoggerMessage(EventId = 1855, Level = LogLevel.Error, Message = "The sources could not be read")]
    private partial void LogUnread(Exception error);
}
