using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Jobs_are_listed_newest_first_and_pages_stay_in_step_while_new_jobs_come()
    {
        var ids = new List<JobId>();
        for (var i = 0; i < 25; i++)
        {
            ids.Add((await AddAsync()).Id);
            Clock.Advance(TimeSpan.FromMilliseconds(i % 3));
        }

        var seen = new List<JobId>();
        JobId? after = null;
        bool more;
        do
        {
            var page = await Store.ListAsync(new JobFilter { Limit = 10, After = after }, None);
            seen.AddRange(page.Jobs.Select(job => job.Id));
            (after, more) = (page.Jobs[^1].Id, page.HasMore);
            await AddAsync();
        }
        while (more);

        seen.Count.ShouldBe(25);
        seen.ToHashSet().SetEquals(ids).ShouldBeTrue();
        var jobs = await Task.WhenAll(seen.Select(FindAsync));
        jobs.Select(job => job.Created).ShouldBe(jobs.Select(job => job.Created).OrderDescending());
    }

    [Fact]
    public async Task A_page_that_is_exactly_full_says_whether_there_is_more()
    {
        await AddAsync();
        await AddAsync();

        (await Store.ListAsync(new JobFilter { Limit = 2 }, None)).HasMore.ShouldBeFalse();
        (await Store.ListAsync(new JobFilter { Limit = 1 }, None)).HasMore.ShouldBeTrue();
    }

    [Fact]
    public async Task Paging_goes_on_although_the_last_job_of_the_page_before_was_removed()
    {
        var ids = new List<JobId>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add((await AddAsync()).Id);
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await Store.DismissAsync(ids[2], None);
        await Store.RemoveAsync(ids[2], None);

        (await ListAsync(new JobFilter { Limit = 10, After = ids[2] })).ShouldBe([ids[1], ids[0]]);
    }

    [Fact]
    public async Task A_page_of_huge_requests_ends_early_and_says_that_there_is_more()
    {
        var huge = """{"inputs":{"text":"TEXT"}}""".Replace("TEXT", new string('x', 4_000_000), StringComparison.Ordinal);
        for (var i = 0; i < 6; i++)
        {
            await AddAsync(NewJob() with { Request = new JobRequest(huge, [], "http://localhost/") });
        }

        var page = await Store.ListAsync(new JobFilter { Limit = 100 }, None);
        page.HasMore.ShouldBeTrue();
        page.Jobs.Count.ShouldBeInRange(1, 5);
        var rest = await Store.ListAsync(new JobFilter { Limit = 100, After = page.Jobs[^1].Id }, None);
        (page.Jobs.Count + rest.Jobs.Count).ShouldBe(6);
    }

    [Fact]
    public async Task Jobs_are_filtered_by_process_and_by_state()
    {
        var a = await AddAsync(NewJob(process: "a"));
        var b = await AddAsync(NewJob(process: "b"));
        await AddAsync(NewJob(process: "c"));
        await Store.DismissAsync(b.Id, None);

        (await ListAsync(new JobFilter { Limit = 9, ProcessIds = ["a"] })).ShouldBe([a.Id]);
        (await ListAsync(new JobFilter { Limit = 9, ProcessIds = ["a", "b", "nothing' OR 1=1 --"] })).ToHashSet().SetEquals([a.Id, b.Id]).ShouldBeTrue();
        (await ListAsync(new JobFilter { Limit = 9, Statuses = [JobStatus.Dismissed] })).ShouldBe([b.Id]);
        (await ListAsync(new JobFilter { Limit = 9, Statuses = [JobStatus.Accepted], ProcessIds = ["b"] })).ShouldBeEmpty();
        (await ListAsync(new JobFilter { Limit = 9, Statuses = Enum.GetValues<JobStatus>() })).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Each_state_is_found_by_its_filter()
    {
        var accepted = await AddAsync(NewJob(lane: "other"));
        var (successful, first) = await RunningAsync();
        await Store.SucceedAsync(first, [], None);
        var (failed, second) = await RunningAsync();
        await Store.FailAsync(second, new JobFailure(FailureKind.Time, "slow"), None);
        var (dismissed, _) = await RunningAsync();
        await Store.DismissAsync(dismissed.Id, None);
        var (running, _) = await RunningAsync();

        foreach (var (status, id) in new[]
        {
            (JobStatus.Accepted, accepted.Id), (JobStatus.Running, running.Id), (JobStatus.Successful, successful.Id),
            (JobStatus.Failed, failed.Id), (JobStatus.Dismissed, dismissed.Id),
        })
        {
            (await ListAsync(new JobFilter { Limit = 9, Statuses = [status] })).ShouldBe([id]);
        }
    }

    [Fact]
    public async Task Bounds_of_the_time_of_creation_are_included()
    {
        var job = await AddAsync();
        var at = job.Created;
        var tick = TimeSpan.FromTicks(1);

        (await ListAsync(new JobFilter { Limit = 9, CreatedFrom = at, CreatedTo = at })).ShouldBe([job.Id]);
        (await ListAsync(new JobFilter { Limit = 9, CreatedFrom = at + tick })).ShouldBeEmpty();
        (await ListAsync(new JobFilter { Limit = 9, CreatedTo = at - tick })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Durations_run_until_the_end_or_until_now_and_a_job_that_never_started_has_none()
    {
        await AddAsync(NewJob(lane: "other"));
        var (ended, hold) = await RunningAsync();
        Clock.Advance(TimeSpan.FromSeconds(10));
        await Store.SucceedAsync(hold, [], None);
        var (running, _) = await RunningAsync();
        Clock.Advance(TimeSpan.FromSeconds(30));

        (await ListAsync(new JobFilter { Limit = 9, MinDuration = TimeSpan.FromSeconds(10) })).ToHashSet().SetEquals([ended.Id, running.Id]).ShouldBeTrue();
        (await ListAsync(new JobFilter { Limit = 9, MinDuration = TimeSpan.FromSeconds(10.0001) })).ShouldBe([running.Id]);
        (await ListAsync(new JobFilter { Limit = 9, MaxDuration = TimeSpan.FromSeconds(30) })).Count.ShouldBe(2);
        (await ListAsync(new JobFilter { Limit = 9, MaxDuration = TimeSpan.FromSeconds(29.9999) })).ShouldBe([ended.Id]);
        (await ListAsync(new JobFilter { Limit = 9, MinDuration = TimeSpan.FromSeconds(11), MaxDuration = TimeSpan.FromSeconds(29) })).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_owner_sees_its_own_jobs_and_those_of_nobody()
    {
        var nobodys = await AddAsync();
        var annas = await AddAsync(NewJob(owner: "anna"));
        await AddAsync(NewJob(owner: "bert"));

        (await ListAsync(new JobFilter { Limit = 9, SeenBy = new Caller("anna", Rights.Run) })).ToHashSet().SetEquals([nobodys.Id, annas.Id]).ShouldBeTrue();
        (await ListAsync(new JobFilter { Limit = 9, SeenBy = new Caller(Name: null, Rights.Run | Rights.Files) })).ShouldBe([nobodys.Id]);
        (await ListAsync(new JobFilter { Limit = 9, SeenBy = Caller.Administrator })).Count.ShouldBe(3);
        (await ListAsync(new JobFilter { Limit = 9, SeenBy = new Caller("ops", Rights.Admin) })).Count.ShouldBe(3);
        (await ListAsync(new JobFilter { Limit = 9 })).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Log_lines_are_read_in_the_order_written_and_on_from_where_one_stopped()
    {
        var job = await AddAsync();
        var lines = Enumerable.Range(0, 30).Select(i => new LogEntry(Now, 1 + i % 2, "info", $"line {i} ü")).ToList();
        await Store.AppendLogAsync(job.Id, lines.Take(20).ToList(), None);
        await Store.AppendLogAsync(job.Id, [], None);
        await Store.AppendLogAsync(job.Id, lines.Skip(20).ToList(), None);

        (await Store.ReadLogAsync(job.Id, 0, 100, None)).ShouldBe(lines);
        (await Store.ReadLogAsync(job.Id, 25, 3, None)).ShouldBe(lines.Skip(25).Take(3));
        (await Store.ReadLogAsync(job.Id, 30, 3, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_log_has_ten_thousand_lines_and_the_last_one_says_that_there_were_more()
    {
        var job = await AddAsync();
        for (var i = 0; i < 3; i++)
        {
            await Store.AppendLogAsync(job.Id, [.. Enumerable.Range(0, 4000).Select(n => new LogEntry(Now, 1, "info", $"{n}"))], None);
        }

        var log = await Store.ReadLogAsync(job.Id, 0, 20_000, None);
        log.Count.ShouldBe(10_000);
        log[9_998].Text.ShouldBe("1998");
        log[9_999].ShouldBe(new LogEntry(Now, 1, "warning", "Further lines are left out."));
    }

    [Fact]
    public async Task Lines_for_a_job_that_is_gone_are_dropped()
    {
        var id = JobId.New(Clock.GetUtcNow());

        await Store.AppendLogAsync(id, [new LogEntry(Now, 1, "info", "late")], None);

        (await Store.ReadLogAsync(id, 0, 10, None)).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<JobId>> ListAsync(JobFilter filter) => [.. (await Store.ListAsync(filter, None)).Jobs.Select(job => job.Id)];
}
