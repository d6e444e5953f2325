using System.Net;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Tests.Unit.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Seeding;

public sealed class ScheduleTests : IDisposable
{
    private const string OfSettings = """nightly: 0 3 * * * {"operation":"reseed","layer":"world","maxZoom":0}""";
    private const string Form = """{"id":"hourly","when":"5 * * * *","request":{"operation":"reseed","layer":"world","maxZoom":0}}""";

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SeedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_schedule_starts_one_job_a_time_and_none_beside_one_that_runs()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Schedules:0", OfSettings));
        var run = host.Get<RunSchedule>();
        var schedule = SeedSchedule.Parse(OfSettings);
        var goOn = new TaskCompletionSource();
        _world.Source.OnMake = (_, stop) => goOn.Task.WaitAsync(stop);
        var due = new DateTimeOffset(2030, 1, 2, 3, 0, 0, TimeSpan.Zero);

        var first = (await run.AtAsync(schedule, due, None)).ShouldBeOfType<ScheduleOutcome.Started>().Job;
        (await run.AtAsync(schedule, due, None)).ShouldBeOfType<ScheduleOutcome.Taken>();
        (await run.AtAsync(schedule, due.AddDays(1), None)).ShouldBeOfType<ScheduleOutcome.StillRuns>().Job.Id.ShouldBe(first.Id);
        (await LastAsync(host, "nightly")).GetProperty("outcome").GetString().ShouldBe("not started");
        goOn.SetResult();
        await host.ResultsAsync(first.Id.Value);
        var next = (await run.AtAsync(schedule, due.AddDays(2), None)).ShouldBeOfType<ScheduleOutcome.Started>().Job;

        next.Id.ShouldNotBe(first.Id);
        await host.ResultsAsync(next.Id.Value);
        var last = await LastAsync(host, "nightly");
        (last.GetProperty("outcome").GetString(), last.GetProperty("jobID").GetString()).ShouldBe(("successful", next.Id.Value));
    }

    [Theory]
    [InlineData("nightly")]
    [InlineData("nightly: every day {\"operation\":\"seed\",\"layer\":\"world\"}")]
    [InlineData("nightly: 0 3 * * * {\"operation\":\"sow\",\"layer\":\"world\"}")]
    [InlineData("nightly: 0 3 * * * {\"operation\":\"seed\"}")]
    [InlineData("nightly: 0 3 * * * {\"operation\":")]
    public void A_schedule_that_can_not_be_read_is_refused(string line) => Should.Throw<FormatException>(() => SeedSchedule.Parse(line));

    [Fact]
    public async Task Schedules_are_added_shown_replaced_and_removed()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Schedules:0", OfSettings));

        using var added = await host.SendAsync(HttpMethod.Post, "admin/schedules", Form);
        added.StatusCode.ShouldBe(HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
        added.Headers.Location!.AbsolutePath.ShouldBe("/admin/schedules/hourly");
        using var again = await host.SendAsync(HttpMethod.Post, "admin/schedules", Form);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);

        var list = (await GetAsync(host, "admin/schedules")).GetProperty("schedules").EnumerateArray().ToList();
        list.Select(each => (each.GetProperty("id").GetString(), each.GetProperty("readOnly").GetBoolean())).ShouldBe([("nightly", true), ("hourly", false)]);
        list[1].GetProperty("request").GetProperty("operation").GetString().ShouldBe("reseed");
        list[1].TryGetProperty("last", out _).ShouldBeFalse();
        list[1].GetProperty("next").GetDateTimeOffset().Minute.ShouldBe(5);

        using var put = await host.SendAsync(HttpMethod.Put, "admin/schedules/hourly", Form.Replace("5 * * * *", "0 0 1 1 *", StringComparison.Ordinal));
        put.StatusCode.ShouldBe(HttpStatusCode.OK);
        var one = await GetAsync(host, "admin/schedules/hourly");
        (one.GetProperty("next").GetDateTimeOffset().Day, one.GetProperty("next").GetDateTimeOffset().Month).ShouldBe((1, 1));
        using var created = await host.SendAsync(HttpMethod.Put, "admin/schedules/other", """{"when":"@daily","request":{"operation":"truncate","layer":"world"}}""");
        created.StatusCode.ShouldBe(HttpStatusCode.Created);

        using var removed = await host.SendAsync(HttpMethod.Delete, "admin/schedules/hourly");
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await host.SendAsync(HttpMethod.Get, "admin/schedules/hourly");
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "admin/schedules")]
    [InlineData("POST", "admin/schedules")]
    [InlineData("GET", "admin/schedules/nightly")]
    [InlineData("PUT", "admin/schedules/nightly")]
    [InlineData("DELETE", "admin/schedules/nightly")]
    [InlineData("POST", "admin/schedules/nightly/run")]
    public async Task All_of_it_needs_the_token(string method, string path)
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Schedules:0", OfSettings));

        using var answer = await host.SendAsync(new HttpMethod(method), path, Form, token: null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Those_of_the_settings_are_run_and_not_changed()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Schedules:0", OfSettings));

        using var put = await host.SendAsync(HttpMethod.Put, "admin/schedules/nightly", Form);
        using var post = await host.SendAsync(HttpMethod.Post, "admin/schedules", Form.Replace("hourly", "nightly", StringComparison.Ordinal));
        using var delete = await host.SendAsync(HttpMethod.Delete, "admin/schedules/nightly");
        using var run = await host.SendAsync(HttpMethod.Post, "admin/schedules/nightly/run");

        (put.StatusCode, post.StatusCode, delete.StatusCode, run.StatusCode).ShouldBe((HttpStatusCode.Forbidden, HttpStatusCode.Conflict, HttpStatusCode.Forbidden, HttpStatusCode.Created));
        var job = JsonElement.Parse(await run.Content.ReadAsStringAsync()).GetProperty("jobID").GetString()!;
        (await host.ResultsAsync(job))["tiles"].ShouldBe(1 + 2, "zoom 0 in Web Mercator and in degrees");
        (await LastAsync(host, "nightly")).GetProperty("jobID").GetString().ShouldBe(job);
    }

    [Fact]
    public async Task A_wish_to_run_it_now_waits_for_no_job_of_it_that_runs()
    {
        await using var host = await SeedHost.StartAsync(_world, ("Seeding:Schedules:0", OfSettings));
        var goOn = new TaskCompletionSource();
        _world.Source.OnMake = (_, stop) => goOn.Task.WaitAsync(stop);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.SendAsync(HttpMethod.Post, "admin/schedules/nightly/run")));
        goOn.SetResult();

        answers.Select(answer => answer.StatusCode).Order().ShouldBe([HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict]);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Theory]
    [InlineData("""[]""", "object")]
    [InlineData("""{"when":"0 3 * * *","request":{"operation":"seed","layer":"world"}}""", "id")]
    [InlineData("""{"id":"a/b","when":"0 3 * * *","request":{"operation":"seed","layer":"world"}}""", "id")]
    [InlineData("""{"id":"a","when":"61 3 * * *","request":{"operation":"seed","layer":"world"}}""", "when")]
    [InlineData("""{"id":"a","request":{"operation":"seed","layer":"world"}}""", "when")]
    [InlineData("""{"id":"a","when":"0 3 * * *"}""", "request")]
    [InlineData("""{"id":"a","when":"0 3 * * *","request":{"operation":"sow","layer":"world"}}""", "request.operation")]
    [InlineData("""{"id":"a","when":"0 3 * * *","request":{"operation":"seed"}}""", "request.layer")]
    [InlineData("""{"id":"a","when":"0 3 * * *","request":{"operation":"seed","layer":"world"},"every":"day"}""", "every")]
    [InlineData("""{"id":"a",""", "line 1")]
    public async Task What_can_not_be_read_is_refused_with_its_place(string form, string place)
    {
        await using var host = await SeedHost.StartAsync(_world);

        using var answer = await host.SendAsync(HttpMethod.Post, "admin/schedules", form);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(place);
        (await GetAsync(host, "admin/schedules")).GetProperty("schedules").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_its_request_can_not_start_is_told_at_once_and_noted()
    {
        await using var host = await SeedHost.StartAsync(_world);
        using var added = await host.SendAsync(HttpMethod.Post, "admin/schedules", Form.Replace("\"world\"", "\"nowhere\"", StringComparison.Ordinal));
        added.StatusCode.ShouldBe(HttpStatusCode.Created);

        using var run = await host.SendAsync(HttpMethod.Post, "admin/schedules/hourly/run");

        run.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var last = await LastAsync(host, "hourly");
        last.GetProperty("outcome").GetString().ShouldBe("not started");
        last.GetProperty("message").GetString()!.ShouldContain("nowhere");
    }

    [Fact]
    public async Task Of_two_nodes_one_starts_the_job_at_each_time_also_of_a_schedule_that_was_just_added()
    {
        await using var host = await SeedHost.StartAsync(_world);
        var clock = new SteppedClock();
        var catalogue = new ScheduleCatalogue(host.Get<IScheduleStore>(), Microsoft.Extensions.Options.Options.Create(new SeedingOptions()), clock);
        using var one = new SeedSchedules(catalogue, host.Get<RunSchedule>(), clock, NullLogger<SeedSchedules>.Instance);
        using var other = new SeedSchedules(catalogue, host.Get<RunSchedule>(), clock, NullLogger<SeedSchedules>.Instance);
        await one.StartAsync(None);
        await other.StartAsync(None);
        await clock.WaitedForAsync(TimeSpan.FromMinutes(1));

        // It is 03:04:05.
        await catalogue.StoreAsync(SeedSchedule.Read("a", "5 * * * *", JsonElement.Parse("""{"operation":"reseed","layer":"world","maxZoom":0}"""), [])!, mayReplace: false, None);
        await clock.WaitedForAsync(TimeSpan.FromSeconds(55));
        (await host.Get<IScheduleStore>().RunsAsync(None)).ShouldBeEmpty("its time has not come");
        clock.Advance(TimeSpan.FromSeconds(56));
        await RanAsync(host, jobs: 1);

        // Hours that were slept through start one job.
        clock.Advance(TimeSpan.FromHours(5));
        await RanAsync(host, jobs: 2);
        await one.StopAsync(None);
        await other.StopAsync(None);
        (await CountAsync(host)).ShouldBe(2);
    }

    private static async Task RanAsync(SeedHost host, int jobs)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(60); await CountAsync(host) < jobs && DateTime.UtcNow < deadline;)
        {
            await Task.Delay(20);
        }

        var page = await host.Get<IJobStore>().ListAsync(new JobFilter { Limit = 10 }, None);
        page.Jobs.Count.ShouldBe(jobs);
        foreach (var job in page.Jobs)
        {
            await host.ResultsAsync(job.Id.Value);
        }
    }

    private static async Task<int> CountAsync(SeedHost host) => (await host.Get<IJobStore>().ListAsync(new JobFilter { Limit = 10 }, None)).Jobs.Count;

    private static async Task<JsonElement> GetAsync(SeedHost host, string path)
    {
        using var answer = await host.SendAsync(HttpMethod.Get, path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> LastAsync(SeedHost host, string schedule) => (await GetAsync(host, $"admin/schedules/{schedule}")).GetProperty("last");
}
