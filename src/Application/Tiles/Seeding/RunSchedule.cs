using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Starts the job of a schedule, by the clock or at a wish, and notes what became of it. While a job of it runs, there is no second one.</summary>
public sealed partial class RunSchedule(StartSeeding start, IJobStore jobs, IScheduleStore store, TimeProvider clock, ILogger<RunSchedule> logger) : IDisposable
{
    private const string NoAddress = "http://127.0.0.1/";

    // Between looking whether a job runs and starting one nobody else does the same.
    private readonly SemaphoreSlim _starting = new(1);

    /// <summary>At one of its times, unless somebody else has taken that one.</summary>
    public async Task<ScheduleOutcome> AtAsync(SeedSchedule schedule, DateTimeOffset due, CancellationToken cancellationToken) =>
        await store.TryTakeAsync(schedule.Name, due, cancellationToken)
            ? await ExecuteAsync(schedule, NoAddress, $"schedule {schedule.Name} {due:yyyyMMddTHHmm}", cancellationToken)
            : new ScheduleOutcome.Taken();

    /// <summary>Now, whatever the time.</summary>
    /// <param name="baseAddress">Under which the caller reached the server, ending in a slash.</param>
    public Task<ScheduleOutcome> NowAsync(SeedSchedule schedule, string baseAddress, string? idempotencyKey, CancellationToken cancellationToken) =>
        ExecuteAsync(schedule, baseAddress, idempotencyKey, cancellationToken);

    public void Dispose() => _starting.Dispose();

    private async Task<ScheduleOutcome> ExecuteAsync(SeedSchedule schedule, string baseAddress, string? idempotencyKey, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            var outcome = await StartAsync(schedule, baseAddress, idempotencyKey, cancellationToken);
            await store.NoteAsync(schedule.Name, RunOf(outcome), cancellationToken);
            Tell(schedule, outcome);
            return outcome;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            await store.NoteAsync(schedule.Name, new ScheduleRun(clock.GetUtcNow(), Job: null, "something failed on the server"), CancellationToken.None);
            throw;
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<ScheduleOutcome> StartAsync(SeedSchedule schedule, string baseAddress, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var (_, json) = StartSeeding.Read(schedule.Request, layer: null, []);
        if (await FindUnfinishedAsync(json, cancellationToken) is { } before)
        {
            return new ScheduleOutcome.StillRuns(before);
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(schedule.Request.GetRawText())));
        var body = new RequestBody(JobId.New(clock.GetUtcNow()), schedule.Request, [], digest);
        var outcome = await start.ExecuteAsync(body, layer: null, baseAddress, idempotencyKey, cancellationToken);
        return outcome is ExecuteOutcome.Started(var job) ? new ScheduleOutcome.Started(job) : new ScheduleOutcome.Refused(outcome);
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

    private ScheduleRun RunOf(ScheduleOutcome outcome) => outcome switch
    {
        ScheduleOutcome.Started(var job) => new ScheduleRun(clock.GetUtcNow(), job.Id, Reason: null),
        ScheduleOutcome.StillRuns(var job) => new ScheduleRun(clock.GetUtcNow(), Job: null, $"its job {job.Id} still ran"),
        _ => new ScheduleRun(clock.GetUtcNow(), Job: null, ReasonOf(outcome)),
    };

    private static string ReasonOf(ScheduleOutcome outcome) => outcome switch
    {
        ScheduleOutcome.Refused(ExecuteOutcome.Refused(var mistakes)) => string.Join("; ", mistakes),
        ScheduleOutcome.Refused(ExecuteOutcome.Full) => "too many jobs were waiting",
        ScheduleOutcome.Refused(ExecuteOutcome.KeyReused) => "another request was sent with its key",
        _ => "no job was started",
    };

    private void Tell(SeedSchedule schedule, ScheduleOutcome outcome)
    {
        switch (outcome)
        {
            case ScheduleOutcome.Started(var job):
                LogStarted(schedule.Name, job.Id);
                break;
            case ScheduleOutcome.StillRuns(var job):
                LogStillRuns(schedule.Name, job.Id);
                break;
            default:
                LogRefused(schedule.Name, ReasonOf(outcome));
                break;
        }
    }

    [LoggerMessage(EventId = 1670, Level = LogLevel.Information, Message = "Schedule {Schedule} has started job {JobId}")]
    private partial void LogStarted(string schedule, JobId jobId);

    [LoggerMessage(EventId = 1671, Level = LogLevel.Information, Message = "Schedule {Schedule} passes over this time: its job {JobId} still runs")]
    private partial void LogStillRuns(string schedule, JobId jobId);

    [LoggerMessage(EventId = 1672, Level = LogLevel.Warning, Message = "Schedule {Schedule} has started nothing: {Reason}")]
    private partial void LogRefused(string schedule, string reason);
}

public abstract record ScheduleOutcome
{
    private ScheduleOutcome()
    {
    }

    public sealed record Started(Job Job) : ScheduleOutcome;

    /// <summary>The job of before has not ended.</summary>
    public sealed record StillRuns(Job Job) : ScheduleOutcome;

    /// <summary>Another thread or node has this time.</summary>
    public sealed record Taken : ScheduleOutcome;

    public sealed record Refused(ExecuteOutcome Why) : ScheduleOutcome;
}
