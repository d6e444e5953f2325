using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class JobStoreContract
{
    [Fact]
    public async Task An_added_job_waits_and_is_found_as_it_was_added()
    {
        var job = NewJob(priority: 7, owner: "anna") with
        {
            Request = new JobRequest(
                """{"inputs":{"ü":"\u00fc","n":1e400}}""",
                [new Attachment(0, JsonValueKind.String, 70_000), new Attachment(1, JsonValueKind.Array, 5_000_000_000)],
                "https://example.org/geo/"),
            IsAdministered = true,
        };

        var added = await AddAsync(job);

        added.State.ShouldBe(new JobState.Accepted(null));
        added.Attempt.ShouldBe(0);
        added.Created.ShouldBe(Now);
        added.Owner.ShouldBe("anna");
        added.IsAdministered.ShouldBeTrue();
        added.Priority.ShouldBe(7);
        added.Outputs.ShouldBeEmpty();
        ShouldBeSame(await FindAsync(job.Id), added);
    }

    [Fact]
    public async Task A_job_that_starts_at_once_runs_its_first_attempt_and_nobody_else_can_claim_it()
    {
        var added = await AddAsync(NewJob() with { StartAs = (Worker, Lease) });

        added.State.ShouldBe(new JobState.Running(Now, Worker, Now + Lease));
        added.Attempt.ShouldBe(1);
        ShouldBeSame(await FindAsync(added.Id), added);
        (await Store.ClaimAsync(Lane, "worker-2", Lease, null, None)).ShouldBeNull();
        (await Store.SucceedAsync(new JobHold(added.Id, 1, Worker), [], None)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_unknown_job_is_not_found() => (await Store.FindAsync(JobId.New(Clock.GetUtcNow()), None)).ShouldBeNull();

    [Fact]
    public async Task A_taken_id_is_a_bug_and_leaves_the_job_as_it_was()
    {
        var job = NewJob();
        await AddAsync(job);

        await Should.ThrowAsync<Exception>(() => Store.AddAsync(job with { ProcessId = "other" }, None));

        (await FindAsync(job.Id)).ProcessId.ShouldBe("native:buffer");
    }

    [Fact]
    public async Task A_broken_write_does_not_harm_those_that_were_made_with_it()
    {
        var taken = NewJob();
        await AddAsync(taken);
        var good = Enumerable.Range(0, 50).Select(_ => NewJob()).ToList();

        var writes = good.Select(job => Store.AddAsync(job, None)).ToList();
        writes.Insert(25, Store.AddAsync(taken, None));
        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, TaskScheduler.Default)));

        writes.Count(write => write.IsFaulted).ShouldBe(1);
        foreach (var job in good)
        {
            await FindAsync(job.Id);
        }
    }

    [Fact]
    public async Task A_cancelled_add_that_was_not_begun_stores_nothing()
    {
        var job = NewJob();

        await Should.ThrowAsync<OperationCanceledException>(() => Store.AddAsync(job, new CancellationToken(canceled: true)));

        (await Store.FindAsync(job.Id, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_full_lane_refuses_who_would_wait_and_leaves_nothing_behind()
    {
        await AddAsync(NewJob(maxQueued: 2));
        await AddAsync(NewJob(maxQueued: 2));
        var late = NewJob(maxQueued: 2) with { Idempotency = ("key", "digest") };

        (await Store.AddAsync(late, None)).ShouldBe(new AddOutcome.Full(2));

        (await Store.FindAsync(late.Id, None)).ShouldBeNull();
        await AddAsync(NewJob(maxQueued: 2, lane: "builtin"));
        await AddAsync(NewJob(maxQueued: 2) with { StartAs = (Worker, Lease) });
        await ClaimAsync();
        await AddAsync(late);
    }

    [Fact]
    public async Task Of_many_that_come_at_once_only_as_many_as_there_is_room_are_added()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Task.Run(() => Store.AddAsync(NewJob(maxQueued: 10), None))));

        outcomes.OfType<AddOutcome.Added>().Count().ShouldBe(10);
        outcomes.OfType<AddOutcome.Full>().Count().ShouldBe(50);
    }

    [Fact]
    public async Task The_same_key_with_the_same_body_gives_the_same_job_however_many_ask()
    {
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => Store.AddAsync(NewJob() with { Idempotency = ("key", "digest") }, None))));

        var first = outcomes.OfType<AddOutcome.Added>().ShouldHaveSingleItem().Job;
        outcomes.OfType<AddOutcome.Repeated>().ShouldAllBe(repeated => repeated.Job.Id == first.Id);
        outcomes.OfType<AddOutcome.Repeated>().Count().ShouldBe(19);
    }

    [Fact]
    public async Task A_repeated_key_gives_its_job_although_the_lane_is_full_by_now()
    {
        var first = await AddAsync(NewJob(maxQueued: 1) with { Idempotency = ("key", "digest") });

        (await Store.AddAsync(NewJob(maxQueued: 1) with { Idempotency = ("key", "digest") }, None))
            .ShouldBeOfType<AddOutcome.Repeated>().Job.Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task A_key_with_another_body_is_refused_and_leaves_nothing_behind()
    {
        await AddAsync(NewJob() with { Idempotency = ("key", "digest") });
        var other = NewJob() with { Idempotency = ("key", "another digest") };

        (await Store.AddAsync(other, None)).ShouldBeOfType<AddOutcome.KeyReused>();

        (await Store.FindAsync(other.Id, None)).ShouldBeNull();
    }

    [Fact]
    public async Task Each_owner_has_keys_of_its_own()
    {
        await AddAsync(NewJob() with { Idempotency = ("key", "digest") });
        await AddAsync(NewJob(owner: "anna") with { Idempotency = ("key", "another digest") });
        await AddAsync(NewJob(owner: "bert") with { Idempotency = ("key", "a third digest") });
    }

    [Fact]
    public async Task A_key_is_kept_for_a_day_and_then_free()
    {
        await AddAsync(NewJob() with { Idempotency = ("key", "digest") });

        Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(2));
        (await Store.AddAsync(NewJob() with { Idempotency = ("key", "another digest") }, None)).ShouldBeOfType<AddOutcome.KeyReused>();
        Clock.Advance(TimeSpan.FromMilliseconds(4));
        await AddAsync(NewJob() with { Idempotency = ("key", "another digest") });
    }

    [Fact]
    public async Task A_key_outlives_its_job_but_a_repeat_then_makes_a_new_one()
    {
        var first = await AddAsync(NewJob() with { Idempotency = ("key", "digest") });
        await Store.DismissAsync(first.Id, None);
        await Store.RemoveAsync(first.Id, None);

        (await Store.AddAsync(NewJob() with { Idempotency = ("key", "another digest") }, None)).ShouldBeOfType<AddOutcome.KeyReused>();
        var second = await AddAsync(NewJob() with { Idempotency = ("key", "digest") });
        (await Store.AddAsync(NewJob() with { Idempotency = ("key", "digest") }, None))
            .ShouldBeOfType<AddOutcome.Repeated>().Job.Id.ShouldBe(second.Id);
    }
}
