using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Results_are_kept_exactly_as_they_were_given()
    {
        var (job, hold) = await RunningAsync();
        var deep = string.Concat(Enumerable.Repeat("[", 100)) + "1" + string.Concat(Enumerable.Repeat("]", 100));
        OutputValue[] outputs =
        [
            new OutputValue.Literal("huge", Json("1e400")),
            new OutputValue.Literal("tenth", Json("0.1")),
            new OutputValue.Literal("digits", Json("123456789012345678901234567890.10")),
            new OutputValue.Literal("minus", Json("-0.0")),
            new OutputValue.Literal("nothing", Json("null")),
            new OutputValue.Literal("text", Json("\"grün <b> 🌍\"")),
            new OutputValue.Literal("object", Json("""{"b":1,"a":[true,{"x":1.50}],"b":2}"""), "application/json"),
            new OutputValue.Literal("deep", Json(deep)),
            new OutputValue.Content("file", "jobs/1/1/a.gpkg", "application/geopackage+sqlite3", "a.gpkg", 5_000_000_000, []),
            new OutputValue.Content("gml", "k", "text/xml", "a.gml", 1, [new Sidecar("a.xsd", "k2", "text/xml", 2), new Sidecar("b", "k3", "x/y", 3)]),
            new OutputValue.Many("many", [new OutputValue.Literal("0", Json("1.0")), new OutputValue.Many("1", []), new OutputValue.Content("2", "k", "a/b", "n", 0, [])]),
        ];

        (await Store.SucceedAsync(hold, outputs, None)).ShouldBeTrue();
        Restart();

        (await FindAsync(job.Id)).Outputs.Select(Describe).ShouldBe(outputs.Select(Describe));
    }

    [Fact]
    public async Task A_successful_job_has_its_times_and_is_done()
    {
        var (job, hold) = await RunningAsync();
        Clock.Advance(TimeSpan.FromSeconds(3));

        (await Store.RenewAsync(hold, Lease, 43, "12 s left", None)).ShouldBeTrue();
        (await Store.SucceedAsync(hold, [], None)).ShouldBeTrue();

        var ended = await FindAsync(job.Id);
        ended.State.ShouldBe(new JobState.Successful(job.Started!.Value, Now));
        ended.Progress.ShouldBe(100);
        ended.Message.ShouldBeNull("what was said on the way does not hold any more");
        ended.Updated.ShouldBe(Now);
    }

    [Fact]
    public async Task A_failed_job_says_why()
    {
        foreach (var kind in Enum.GetValues<FailureKind>())
        {
            var (job, hold) = await RunningAsync();

            (await Store.FailAsync(hold, new JobFailure(kind, "It \"broke\".", [new Mistake("INPUT", "wrong"), new Mistake("", "")]), None)).ShouldBeTrue();

            var failed = (await FindAsync(job.Id)).State.ShouldBeOfType<JobState.Failed>();
            failed.Started.ShouldBe(job.Started);
            failed.Finished.ShouldBe(Now);
            failed.Failure.Kind.ShouldBe(kind);
            failed.Failure.Message.ShouldBe("It \"broke\".");
            failed.Failure.Mistakes.ShouldBe([new Mistake("INPUT", "wrong"), new Mistake("", "")]);
        }
    }

    [Fact]
    public async Task A_waiting_job_is_dismissed_without_ever_having_run()
    {
        var job = await AddAsync();

        var outcome = (await Store.DismissAsync(job.Id, None)).ShouldNotBeNull();

        outcome.Changed.ShouldBeTrue();
        outcome.WasRunning.ShouldBeFalse();
        outcome.Job.State.ShouldBe(new JobState.Dismissed(null, Now));
        (await Store.ClaimAsync(Lane, Worker, Lease, null, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_running_job_is_dismissed_and_its_worker_has_it_no_longer()
    {
        var (job, hold) = await RunningAsync();

        var outcome = (await Store.DismissAsync(job.Id, None)).ShouldNotBeNull();

        (outcome.Changed, outcome.WasRunning).ShouldBe((true, true));
        outcome.Job.State.ShouldBe(new JobState.Dismissed(job.Started, Now));
        await ShouldDoNothingAsync(hold);
    }

    [Fact]
    public async Task A_job_that_waits_again_is_not_running_when_it_is_dismissed()
    {
        var (job, hold) = await RunningAsync();
        await Store.PutBackAsync(hold, "later", TimeSpan.FromSeconds(9), forgetAttempt: false, None);

        (await Store.DismissAsync(job.Id, None)).ShouldNotBeNull().WasRunning.ShouldBeFalse();
        (await Store.NextDueAsync(Lane, null, None)).ShouldBeNull();
    }

    [Fact]
    public async Task An_ended_job_never_changes()
    {
        var endings = new Func<JobHold, Task>[]
        {
            hold => Store.SucceedAsync(hold, [new OutputValue.Literal("a", Json("1"))], None),
            hold => Store.FailAsync(hold, new JobFailure(FailureKind.Algorithm, "broke"), None),
            hold => Store.DismissAsync(hold.Id, None),
        };
        foreach (var end in endings)
        {
            var (job, hold) = await RunningAsync();
            await end(hold);
            var ended = await FindAsync(job.Id);
            Clock.Advance(Lease * 2);

            await ShouldDoNothingAsync(hold);
            var dismissed = (await Store.DismissAsync(job.Id, None)).ShouldNotBeNull();
            await Store.RecoverAsync(1, "other", None);

            (dismissed.Changed, dismissed.WasRunning).ShouldBe((false, false));
            ShouldBeSame(dismissed.Job, ended);
            ShouldBeSame(await FindAsync(job.Id), ended);
        }
    }

    [Fact]
    public async Task Nobody_dismisses_an_unknown_job() => (await Store.DismissAsync(JobId.New(Clock.GetUtcNow()), None)).ShouldBeNull();

    [Fact]
    public async Task Of_finish_and_dismiss_at_once_exactly_one_wins()
    {
        for (var i = 0; i < 100; i++)
        {
            var (job, hold) = await RunningAsync();

            var finish = Task.Run(() => Store.SucceedAsync(hold, [], None));
            var dismiss = Task.Run(() => Store.DismissAsync(job.Id, None));
            await Task.WhenAll(finish, dismiss);

            var changed = (await dismiss).ShouldNotBeNull().Changed;
            (await finish).ShouldBe(!changed);
            (await FindAsync(job.Id)).State.Status.ShouldBe(changed ? JobStatus.Dismissed : JobStatus.Successful);
        }
    }

    [Fact]
    public async Task Only_an_ended_job_is_removed_and_its_log_with_it()
    {
        var waiting = await AddAsync();
        (await Store.RemoveAsync(waiting.Id, None)).ShouldBeFalse();
        var (running, hold) = await RunningAsync();
        (await Store.RemoveAsync(running.Id, None)).ShouldBeFalse();
        await Store.AppendLogAsync(running.Id, [new LogEntry(Now, 1, "info", "x")], None);
        await Store.SucceedAsync(hold, [], None);

        (await Store.RemoveAsync(running.Id, None)).ShouldBeTrue();

        (await Store.FindAsync(running.Id, None)).ShouldBeNull();
        (await Store.ReadLogAsync(running.Id, 0, 10, None)).ShouldBeEmpty();
        (await Store.RemoveAsync(running.Id, None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Ended_jobs_are_listed_oldest_first_when_their_time_is_over()
    {
        var ids = new List<JobId>();
        for (var i = 0; i < 3; i++)
        {
            var (job, hold) = await RunningAsync();
            await Store.SucceedAsync(hold, [], None);
            ids.Add(job.Id);
            Clock.Advance(TimeSpan.FromHours(1));
        }

        await AddAsync();
        var third = Now - TimeSpan.FromHours(1);

        (await Store.ListEndedBeforeAsync(third, 10, None)).ShouldBe(ids.Take(2));
        (await Store.ListEndedBeforeAsync(third + TimeSpan.FromTicks(1), 10, None)).ShouldBe(ids);
        (await Store.ListEndedBeforeAsync(Now + Lease, 1, None)).ShouldBe(ids.Take(1));
    }
}
