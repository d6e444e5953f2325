using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Jobs_are_claimed_by_priority_then_age_and_only_from_their_lane()
    {
        var old = await AddAsync();
        Clock.Advance(TimeSpan.FromSeconds(1));
        var young = await AddAsync();
        var urgent = await AddAsync(NewJob(priority: 10));
        await AddAsync(NewJob(priority: 99, lane: "builtin"));

        (await ClaimAsync()).Id.ShouldBe(urgent.Id);
        (await ClaimAsync()).Id.ShouldBe(old.Id);
        (await ClaimAsync()).Id.ShouldBe(young.Id);
        (await Store.ClaimAsync(Lane, Worker, Lease, null, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_claimed_job_is_running_and_counts_its_attempt()
    {
        var added = await AddAsync();
        Clock.Advance(TimeSpan.FromSeconds(5));

        var claimed = await ClaimAsync();

        claimed.State.ShouldBe(new JobState.Running(Now, Worker, Now + Lease));
        claimed.Attempt.ShouldBe(1);
        claimed.Created.ShouldBe(added.Created);
        claimed.Updated.ShouldBe(Now);
        ShouldBeSame(await FindAsync(added.Id), claimed);
    }

    [Fact]
    public async Task A_hundred_claimers_take_each_job_once()
    {
        for (var i = 0; i < 80; i++)
        {
            await AddAsync();
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => Store.ClaimAsync(Lane, $"worker-{i}", Lease, null, None))));

        claims.OfType<Job>().Select(job => job.Id).Distinct().Count().ShouldBe(80);
        claims.Count(job => job is null).ShouldBe(20);
    }

    [Fact]
    public async Task A_renewed_job_is_held_for_longer_and_shows_how_far_it_is()
    {
        var (job, hold) = await RunningAsync();
        Clock.Advance(TimeSpan.FromSeconds(10));

        (await Store.RenewAsync(hold, Lease, 42.5, "Reading", None)).ShouldBeTrue();
        (await Store.RenewAsync(hold, Lease, 43, message: null, None)).ShouldBeTrue();

        var renewed = await FindAsync(job.Id);
        renewed.State.ShouldBe(new JobState.Running(job.Started!.Value, Worker, Now + Lease));
        renewed.Progress.ShouldBe(43);
        renewed.Message.ShouldBe("Reading");
        renewed.Updated.ShouldBe(Now);
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, 100)]
    [InlineData(-3, 0)]
    public async Task Progress_is_never_out_of_range(double reported, double stored)
    {
        var (job, hold) = await RunningAsync();

        (await Store.RenewAsync(hold, Lease, reported, null, None)).ShouldBeTrue();

        (await FindAsync(job.Id)).Progress.ShouldBe(stored);
    }

    [Fact]
    public async Task Who_does_not_hold_a_job_can_do_nothing_to_it()
    {
        var (job, hold) = await RunningAsync();
        JobHold[] others = [hold with { Attempt = 2 }, hold with { Attempt = 0 }, hold with { Worker = "other" }, hold with { Id = JobId.New(Clock.GetUtcNow()) }];

        foreach (var other in others)
        {
            await ShouldDoNothingAsync(other);
        }

        ShouldBeSame(await FindAsync(job.Id), job);
    }

    [Fact]
    public async Task An_attempt_that_was_given_up_can_not_touch_its_successor()
    {
        var (_, frozen) = await RunningAsync();
        Clock.Advance(Lease + TimeSpan.FromSeconds(1));
        await Store.RecoverAsync(3, ofWorkersOtherThan: null, None);
        var again = await ClaimAsync();

        again.Attempt.ShouldBe(2);
        await ShouldDoNothingAsync(frozen);

        ShouldBeSame(await FindAsync(again.Id), again);
        (await Store.SucceedAsync(Hold(again), [], None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_job_that_is_put_back_waits_for_its_time_and_keeps_its_attempts()
    {
        var (job, hold) = await RunningAsync();
        await Store.RenewAsync(hold, Lease, 50, null, None);

        (await Store.PutBackAsync(hold, "Its process ended.", TimeSpan.FromSeconds(4), forgetAttempt: false, None)).ShouldBeTrue();

        var waiting = await FindAsync(job.Id);
        waiting.State.ShouldBe(new JobState.Accepted(Now + TimeSpan.FromSeconds(4)));
        waiting.Attempt.ShouldBe(1);
        waiting.Message.ShouldBe("Its process ended.");
        waiting.Progress.ShouldBe(0);
        (await Store.ClaimAsync(Lane, Worker, Lease, null, None)).ShouldBeNull();
        (await Store.NextDueAsync(Lane, null, None)).ShouldBe(Now + TimeSpan.FromSeconds(4));
        (await Store.NextDueAsync("builtin", null, None)).ShouldBeNull();

        Clock.Advance(TimeSpan.FromSeconds(4));
        (await ClaimAsync()).Attempt.ShouldBe(2);
        (await Store.NextDueAsync(Lane, null, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_that_is_handed_back_starts_at_once_and_its_attempt_is_forgotten()
    {
        var (_, hold) = await RunningAsync();

        (await Store.PutBackAsync(hold, "The server was stopped.", TimeSpan.Zero, forgetAttempt: true, None)).ShouldBeTrue();

        (await Store.NextDueAsync(Lane, null, None)).ShouldBeNull();
        (await ClaimAsync("worker-2")).Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task Jobs_whose_lease_has_run_out_wait_again_until_their_attempts_are_spent()
    {
        var (job, _) = await RunningAsync();
        Clock.Advance(Lease - TimeSpan.FromMilliseconds(1));
        (await Store.RecoverAsync(2, ofWorkersOtherThan: null, None)).ShouldBeEmpty();
        Clock.Advance(TimeSpan.FromMilliseconds(1));

        var recovered = (await Store.RecoverAsync(2, ofWorkersOtherThan: null, None)).ShouldHaveSingleItem();

        recovered.State.ShouldBe(new JobState.Accepted(null));
        recovered.Attempt.ShouldBe(1);
        ShouldBeSame(await FindAsync(job.Id), recovered);

        var second = await ClaimAsync();
        Clock.Advance(Lease);
        var lost = (await Store.RecoverAsync(2, ofWorkersOtherThan: null, None)).ShouldHaveSingleItem();
        var failed = lost.State.ShouldBeOfType<JobState.Failed>();
        failed.Failure.Kind.ShouldBe(FailureKind.Lost);
        failed.Started.ShouldBe(second.Started);
        failed.Finished.ShouldBe(Now);
        ShouldBeSame(await FindAsync(job.Id), lost);
    }

    [Fact]
    public async Task On_a_store_of_one_node_every_other_holder_is_gone_and_its_own_jobs_are_not()
    {
        await AddAsync();
        await AddAsync();
        await AddAsync();
        var mine = await ClaimAsync("me");
        var other = await ClaimAsync("before");

        var recovered = await Store.RecoverAsync(3, ofWorkersOtherThan: "me", None);

        recovered.ShouldHaveSingleItem().Id.ShouldBe(other.Id);
        (await FindAsync(mine.Id)).State.Status.ShouldBe(JobStatus.Running);
    }

    [Fact]
    public async Task What_has_ended_is_never_recovered()
    {
        var (job, hold) = await RunningAsync();
        await Store.SucceedAsync(hold, [], None);
        Clock.Advance(Lease * 10);

        (await Store.RecoverAsync(1, "other", None)).ShouldBeEmpty();

        (await FindAsync(job.Id)).State.Status.ShouldBe(JobStatus.Successful);
    }

    [Fact]
    public async Task Waiting_and_running_jobs_are_counted_by_lane()
    {
        (await Store.CountAsync(None)).ShouldBeEmpty();
        await RunningAsync();
        await AddAsync();
        await AddAsync();
        var (_, ended) = await RunningAsync();
        await Store.SucceedAsync(ended, [], None);
        await AddAsync(NewJob(lane: "builtin"));

        var counts = await Store.CountAsync(None);

        counts.Count.ShouldBe(2);
        counts[Lane].ShouldBe(new(Waiting: 2, Running: 1));
        counts["builtin"].ShouldBe(new(Waiting: 1, Running: 0));
    }

    private async Task ShouldDoNothingAsync(JobHold hold)
    {
        (await Store.RenewAsync(hold, Lease, 99, "no", None)).ShouldBeFalse();
        (await Store.SucceedAsync(hold, [], None)).ShouldBeFalse();
        (await Store.FailAsync(hold, new JobFailure(FailureKind.Algorithm, "no"), None)).ShouldBeFalse();
        (await Store.PutBackAsync(hold, "no", TimeSpan.Zero, forgetAttempt: true, None)).ShouldBeFalse();
    }
}
