using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Who_has_fewest_running_is_next_and_what_is_urgent_comes_before()
    {
        foreach (var (name, owner, priority) in new[] { ("a1", "a", 0), ("a2", "a", 0), ("a3", "a", 0), ("b1", "b", 0), ("b2", "b", 0), ("n1", null, 0), ("a4", "a", 5) })
        {
            await AddAsync(NewJob(priority, process: name, owner: owner));
            await AddAsync(NewJob(lane: "builtin", owner: "b"));
            Clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        (await Store.ClaimAsync("builtin", "w", TimeSpan.FromMinutes(1), null, None)).ShouldNotBeNull("what runs in another lane counts there");
        var order = new List<string>();
        while (await Store.ClaimAsync(Lane, "w", TimeSpan.FromMinutes(1), null, None) is { } job)
        {
            order.Add(job.ProcessId);
        }

        order.ShouldBe(["a4", "b1", "n1", "a1", "b2", "a2", "a3"]);
    }

    [Fact]
    public async Task A_caller_whose_jobs_are_not_for_this_node_keeps_nobody_waiting()
    {
        await AddAsync(NewJob(process: "script:theirs", owner: "a"));
        var mine = await AddAsync(NewJob(process: "native:buffer", owner: "b"));

        (await Store.ClaimAsync(Lane, "w", TimeSpan.FromMinutes(1), ["native:buffer"], None))!.Id.ShouldBe(mine.Id);
        (await Store.ClaimAsync(Lane, "w", TimeSpan.FromMinutes(1), ["native:buffer"], None)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_the_processes_that_are_given_the_next_job_is_claimed_and_no_other()
    {
        var theirs = await AddAsync(NewJob(priority: 5, process: "script:theirs"));
        Clock.Advance(TimeSpan.FromSeconds(1));
        var late = await AddAsync(NewJob(process: "native:centroids"));
        Clock.Advance(TimeSpan.FromSeconds(1));
        var later = await AddAsync(NewJob(process: "native:buffer"));
        var urgent = await AddAsync(NewJob(priority: 1, process: "native:buffer"));
        string[] mine = ["native:buffer", "native:centroids", "native:never"];

        (await ClaimOfAsync(mine))!.Id.ShouldBe(urgent.Id);
        (await ClaimOfAsync(mine))!.Id.ShouldBe(late.Id);
        (await ClaimOfAsync(mine))!.Id.ShouldBe(later.Id);
        (await ClaimOfAsync(mine)).ShouldBeNull();
        (await ClaimOfAsync([])).ShouldBeNull();
        (await ClaimOfAsync(null))!.Id.ShouldBe(theirs.Id);
    }

    [Fact]
    public async Task What_waits_for_its_time_is_due_for_who_runs_its_process()
    {
        var (job, hold) = await RunningAsync();
        await Store.PutBackAsync(hold, "lost", TimeSpan.FromSeconds(10), forgetAttempt: false, None);

        (await Store.NextDueAsync(Lane, [job.ProcessId], None)).ShouldBe(Now + TimeSpan.FromSeconds(10));
        (await Store.NextDueAsync(Lane, ["native:other"], None)).ShouldBeNull();
        (await ClaimOfAsync([job.ProcessId])).ShouldBeNull();
        Clock.Advance(TimeSpan.FromSeconds(10));
        (await ClaimOfAsync([job.ProcessId]))!.Id.ShouldBe(job.Id);
    }

    [Fact]
    public async Task Many_workers_of_different_processes_take_each_job_once()
    {
        var jobs = new List<Job>();
        for (var i = 0; i < 40; i++)
        {
            jobs.Add(await AddAsync(NewJob(process: $"p{i % 4}")));
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 48).Select(i => Task.Run(() => Store.ClaimAsync(Lane, $"worker-{i}", Lease, [$"p{i % 4}", $"p{(i + 1) % 4}"], None))));

        claims.OfType<Job>().Select(job => job.Id).ShouldBe(jobs.Select(job => job.Id), ignoreOrder: true);
    }

    [Fact]
    public async Task A_place_in_the_queue_is_the_number_of_claims_before_it()
    {
        var random = new Random(7);
        for (var i = 0; i < 30; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(random.Next(3)));
            await AddAsync(NewJob(priority: random.Next(3), owner: random.Next(4) is > 0 and var owner ? $"o{owner}" : null, process: $"p{random.Next(5)}"));
        }

        for (var i = 0; i < 6; i++)
        {
            await ClaimAsync();
        }

        var waiting = (await Store.ListAsync(new JobFilter { Statuses = [JobStatus.Accepted], Limit = 100 }, None)).Jobs;
        var places = new Dictionary<JobId, int?>();
        foreach (var job in waiting)
        {
            places.Add(job.Id, (await Store.FindPlaceAsync(job.Id, None)).ShouldNotBeNull().Position);
        }

        for (var place = 1; place <= 24; place++)
        {
            var claimed = await ClaimAsync();
            places[claimed.Id].ShouldBe(place, $"priority {claimed.Priority}, owner {claimed.Owner}");
        }
    }

    [Fact]
    public async Task Only_a_job_that_waits_has_a_place_and_only_in_its_lane()
    {
        var (job, hold) = await RunningAsync();
        await AddAsync(NewJob(lane: "other"));
        var waiting = await AddAsync();

        (await Store.FindPlaceAsync(job.Id, None)).ShouldBeNull();
        (await Store.FindPlaceAsync(JobId.New(Now), None)).ShouldBeNull();
        (await Store.FindPlaceAsync(waiting.Id, None))!.Position.ShouldBe(1);
        await Store.FailAsync(hold, new JobFailure(FailureKind.Algorithm, "x"), None);
        (await Store.FindPlaceAsync(job.Id, None)).ShouldBeNull();
    }

    private Task<Job?> ClaimOfAsync(IReadOnlyCollection<string>? processes) => Store.ClaimAsync(Lane, Worker, Lease, processes, None);
}
