using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Adapters.Http.Seeding;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Schedules;

/// <summary>What the administrator is told of schedules.</summary>
internal static class ScheduleAnswers
{
    public static string AddressOf(string baseAddress, string name) => $"{baseAddress}admin/schedules/{Uri.EscapeDataString(name)}";

    /// <param name="now">From which the next time is counted.</param>
    /// <param name="job">That <paramref name="last"/> names; <see langword="null"/> when it is gone.</param>
    public static void Write(Utf8JsonWriter json, SeedSchedule schedule, ScheduleRun? last, Job? job, DateTimeOffset now, string baseAddress)
    {
        json.WriteStartObject();
        json.WriteString("id", schedule.Name);
        json.WriteString(SeedSchedule.WhenMember, schedule.Cron);
        json.WritePropertyName(SeedSchedule.RequestMember);
        schedule.Request.WriteTo(json);
        json.WriteBoolean("readOnly", schedule.IsOfSettings);
        if (schedule.NextAfter(now) is { } next)
        {
            json.WriteString("next", next.UtcDateTime);
        }

        if (last is not null)
        {
            WriteLast(json, last, job);
        }

        json.WriteLinks(
        [
            new Link(AddressOf(baseAddress, schedule.Name), "self", Media.Json, "This document"),
            .. job is null ? Array.Empty<Link>() : [new Link(Addresses.Job(baseAddress, job.Id.Value), "monitor", Media.Json, "The last job")],
        ]);
        json.WriteEndObject();
    }

    public static IResult Of(ScheduleOutcome outcome, HttpContext context) => outcome switch
    {
        ScheduleOutcome.Started(var job) => Started(job, context),
        ScheduleOutcome.StillRuns(var job) => Problems.StillRuns(job),
        ScheduleOutcome.Refused(var why) => SeedAnswers.Of(why, context),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is an outcome that nobody answers"),
    };

    private static JsonAnswer Started(Job job, HttpContext context)
    {
        var baseAddress = context.Request.BaseAddress();
        context.Response.Headers.Location = Addresses.Job(baseAddress, job.Id.Value);
        return new JsonAnswer(json => StatusInfo.Write(json, job, baseAddress)) { Status = StatusCodes.Status201Created };
    }

    /// <summary>The outcome is the state of the job that was started, <c>gone</c> when it was removed since, <c>not started</c> when there was none.</summary>
    private static void WriteLast(Utf8JsonWriter json, ScheduleRun last, Job? job)
    {
        json.WriteStartObject("last");
        json.WriteString("time", last.At.UtcDateTime);
        json.WriteString("outcome", last.Reason is not null ? "not started" : job is null ? "gone" : StatusNames.Of(job.State.Status));
        json.WriteIfAny("jobID", last.Job?.Value);
        json.WriteIfAny("message", last.Reason ?? (job?.State is JobState.Failed { Failure.Message: var why } ? why : job?.Message));
        json.WriteEndObject();
    }
}
