using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>
/// Starts seedings by the clock. What was missed while the node was down is not made up for; while a job of a schedule runs, its next time passes by. Where
/// several nodes have the same schedule, one of them starts the job: its idempotency key is the schedule and the time.
/// </summary>
public sealed partial class SeedSchedules(
    StartSeeding start, IJobStore jobs, IOptions<SeedingOptions> options, TimeProvider clock, ILogger<SeedSchedules> logger) : BackgroundService
{
    private const string NoAddress = "http://127.0.0.1/";

    /// <summary>A clock that is set forward is noticed after so long.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<SeedSchedule> _schedules = [.. options.Value.Schedules.Select(SeedSchedule.Parse)];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_schedules.Select(schedule => FollowAsync(schedule, stoppingToken)));

    /// <returns>The job; <see langword="null"/> when the one before still runs, or it is refused.</returns>
    internal async Task<Job?> StartAsync(SeedSchedule schedule, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var (_, json) = StartSeeding.Read(schedule.Request, layer: null, []);
        if (await FindUnfinishedAsync(json, cancellationToken) is { } before)
        {
            LogStillRuns(schedule.Name, before.Id);
            return null;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(schedule.Request.GetRawText())));
        var body = new RequestBody(JobId.New(clock.GetUtcNow()), schedule.Request, [], digest);
        switch (await start.ExecuteAsync(body, layer: null, NoAddress, $"schedule {schedule.Name} {due:yyyyMMddTHHmm}", cancellationToken))
        {
            case ExecuteOutcome.Started(var job):
                LogStarted(schedule.Name, job.Id);
                return job;
            case ExecuteOutcome.Refused(var mistakes):
                LogRefused(schedule.Name, string.Join("; ", mistakes));
                return null;
            case var other:
                LogRefused(schedule.Name, other.GetType().Name);
                return null;
        }
    }

    private async Task FollowAsync(SeedSchedule schedule, CancellationToken stop)
    {
        var last = clock.GetUtcNow();
        while (schedule.When.GetNextOccurrence(last.UtcDateTime) is { } next)
        {
            var due = new DateTimeOffset(next, TimeSpan.Zero);
            for (var left = due - clock.GetUtcNow(); left > TimeSpan.Zero; left = due - clock.GetUtcNow())
            {
                await Task.Delay(left < LongestSleep ? left : LongestSleep, clock, stop);
            }

            try
            {
                await StartAsync(schedule, due, stop);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                LogFailed(error, schedule.Name);
            }

            // Not from the time that was due: what passed meanwhile is not made up for.
            last = clock.GetUtcNow() is var now && now > due ? now : due;
        }
    }

    /// <summary>The same request is the same schedule's: also one that was started before a restart.</summary>
    private async Task<Job?> FindUnfinishedAsync(JsonElement request, CancellationToken cancellationToken)
    {
        var filter = new JobFilter
        {
            ProcessIds = [SeedNames.Seed, SeedNames.Reseed, SeedNames.Truncate],
            Statuses = [JobStatus.Accepted, JobStatus.Running],
            Limit = 1000,
        };
        var page = await jobs.ListAsync(filter, cancellationToken);
        return page.Jobs.FirstOrDefault(job => job.Request.Json == request.GetRawText());
    }

    [LoggerMessage(EventId = 1670, Level = LogLevel.Information, Message = "Schedule {Schedule} has started job {JobId}")]
    private partial void LogStarted(string schedule, JobId jobId);

    [LoggerMessage(EventId = 1671, Level = LogLevel.Information, Message = "Schedule {Schedule} passes over this time: its job {JobId} still runs")]
    private partial void LogStillRuns(string schedule, JobId jobId);

    [LoggerMessage(EventId = 1672, Level = LogLevel.Warning, Message = "Schedule {Schedule} has started nothing: {Reason}")]
    private partial void LogRefused(string schedule, string reason);

    [LoggerMessage(EventId = 1673, Level = LogLevel.Error, Message = "Schedule {Schedule} could not start its job")]
    private partial void LogFailed(Exception error, string schedule);
}
