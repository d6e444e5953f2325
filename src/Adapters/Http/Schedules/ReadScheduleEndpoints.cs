using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Schedules;

/// <summary><c>GET /admin/schedules</c>: all, those of the settings first, each with its last run and its next time.</summary>
internal sealed class ListSchedulesEndpoint(ScheduleCatalogue schedules, IJobStore jobs, TimeProvider clock) : AdminEndpoint
{
    public override void Configure() => GetAndHead("/admin/schedules");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (all, runs, last) = (await schedules.ListAsync(ct), await schedules.RunsAsync(ct), new Dictionary<string, Job?>(StringComparer.Ordinal));
        foreach (var schedule in all)
        {
            last[schedule.Name] = runs.GetValueOrDefault(schedule.Name)?.Job is { } id ? await jobs.FindAsync(id, ct) : null;
        }

        var (now, baseAddress, self) = (clock.GetUtcNow(), BaseAddress, Request.With());
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("schedules");
            foreach (var schedule in all)
            {
                ScheduleAnswers.Write(json, schedule, runs.GetValueOrDefault(schedule.Name), last[schedule.Name], now, baseAddress);
            }

            json.WriteEndArray();
            json.WriteLinks(new Link(self, "self", Media.Json, "This document"));
            json.WriteEndObject();
        });
    }
}

/// <summary>What the endpoints of one schedule share.</summary>
internal abstract class ScheduleEndpoint(ScheduleCatalogue schedules, IJobStore jobs, TimeProvider clock) : AdminEndpoint
{
    protected ScheduleCatalogue Schedules => schedules;

    protected async Task<IResult> ShowAsync(string name, int status, CancellationToken cancellationToken)
    {
        if (await schedules.FindAsync(name, cancellationToken) is not { } schedule)
        {
            return Problems.NoSuchSchedule(name);
        }

        var last = (await schedules.RunsAsync(cancellationToken)).GetValueOrDefault(name);
        var job = last?.Job is { } id ? await jobs.FindAsync(id, cancellationToken) : null;
        var (now, baseAddress) = (clock.GetUtcNow(), BaseAddress);
        return new JsonAnswer(json => ScheduleAnswers.Write(json, schedule, last, job, now, baseAddress)) { Status = status };
    }

    /// <summary>Of a change that was asked for.</summary>
    protected async Task<IResult> AnswerAsync(ScheduleChange change, string name, CancellationToken cancellationToken)
    {
        switch (change)
        {
            case ScheduleChange.Added:
                HttpContext.Response.Headers.Location = ScheduleAnswers.AddressOf(BaseAddress, name);
                return await ShowAsync(name, StatusCodes.Status201Created, cancellationToken);
            case ScheduleChange.Replaced:
                return await ShowAsync(name, StatusCodes.Status200OK, cancellationToken);
            case ScheduleChange.Removed:
                return TypedResults.NoContent();
            case ScheduleChange.Exists:
                return Problems.ScheduleExists(name);
            case ScheduleChange.Unknown:
                return Problems.NoSuchSchedule(name);
            case ScheduleChange.Fixed:
                return Problems.FixedSchedule(name);
            case ScheduleChange.TooMany:
                return Problems.TooManySchedules(ScheduleCatalogue.Most);
            default:
                throw new InvalidOperationException($"{change} is a change that nobody answers");
        }
    }
}

/// <summary><c>GET /admin/schedules/{schedule}</c></summary>
internal sealed class ShowScheduleEndpoint(ScheduleCatalogue schedules, IJobStore jobs, TimeProvider clock)
    : ScheduleEndpoint(schedules, jobs, clock)
{
    public override void Configure() => GetAndHead("/admin/schedules/{schedule}");

    protected override Task<IResult> AdministerAsync(CancellationToken ct) => ShowAsync(Segment("schedule"), StatusCodes.Status200OK, ct);
}
