using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Seeding;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Schedules;

/// <summary><c>POST /admin/schedules</c>: 201 with a new one, 409 when its id is taken.</summary>
internal sealed class AddScheduleEndpoint(ScheduleCatalogue schedules, ScheduleBody bodies, IJobStore jobs, TimeProvider clock)
    : ScheduleEndpoint(schedules, jobs, clock)
{
    public override void Configure() => Post("/admin/schedules");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (schedule, problem) = await bodies.ReadAsync(HttpContext, name: null, ct);
        return schedule is null ? problem! : await AnswerAsync(await Schedules.StoreAsync(schedule, mayReplace: false, ct), schedule.Name, ct);
    }
}

/// <summary><c>PUT /admin/schedules/{schedule}</c>: puts it in place of the one of this id, or is a new one.</summary>
internal sealed class PutScheduleEndpoint(ScheduleCatalogue schedules, ScheduleBody bodies, IJobStore jobs, TimeProvider clock)
    : ScheduleEndpoint(schedules, jobs, clock)
{
    public override void Configure() => Put("/admin/schedules/{schedule}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var name = Segment("schedule");
        if (Schedules.IsOfSettings(name))
        {
            return Problems.FixedSchedule(name);
        }

        var (schedule, problem) = await bodies.ReadAsync(HttpContext, name, ct);
        return schedule is null ? problem! : await AnswerAsync(await Schedules.StoreAsync(schedule, mayReplace: true, ct), name, ct);
    }
}

/// <summary><c>DELETE /admin/schedules/{schedule}</c>; a job that it has started goes on.</summary>
internal sealed class RemoveScheduleEndpoint(ScheduleCatalogue schedules, IJobStore jobs, TimeProvider clock)
    : ScheduleEndpoint(schedules, jobs, clock)
{
    public override void Configure() => Delete("/admin/schedules/{schedule}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var name = Segment("schedule");
        return await AnswerAsync(await Schedules.RemoveAsync(name, ct), name, ct);
    }
}

/// <summary><c>POST /admin/schedules/{schedule}/run</c>: starts its job now; 409 while the one before runs.</summary>
internal sealed class RunScheduleEndpoint(ScheduleCatalogue schedules, RunSchedule run) : AdminEndpoint
{
    public override void Configure() => Post("/admin/schedules/{schedule}/run");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var name = Segment("schedule");
        if (await schedules.FindAsync(name, ct) is not { } schedule)
        {
            return Problems.NoSuchSchedule(name);
        }

        var (key, wrong) = IdempotencyKey.Read(Request);
        return wrong ?? ScheduleAnswers.Of(await run.NowAsync(schedule, BaseAddress, key, ct), HttpContext);
    }
}
