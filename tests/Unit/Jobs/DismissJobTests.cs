using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using GeoWps.Tests.Unit.Http;

namespace GeoWps.Tests.Unit.Jobs;

public sealed class DismissJobTests : IDisposable
{
    private readonly JobBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_waiting_job_is_called_off_and_its_request_is_tidied_away()
    {
        var job = await _bench.AddAsync();
        await _bench.PutAsync(JobKeys.Attachment(job.Id, 0));
        var happenings = _bench.Events.WatchAsync(job.Id, JobBench.None);

        var dismissed = await DismissAsync(job);

        dismissed.ShouldNotBeNull().State.Status.ShouldBe(JobStatus.Dismissed);
        (await _bench.FindAsync(job.Id)).State.ShouldBeOfType<JobState.Dismissed>().Started.ShouldBeNull();
        (await _bench.KeysAsync(job.Id)).ShouldBeEmpty();
        (await _bench.Jobs.ClaimAsync("test", "w", _bench.Lease, null, JobBench.None)).ShouldBeNull();
        await foreach (var happening in happenings)
        {
            happening.ShouldBeOfType<JobEvent.Changed>().Job.State.Status.ShouldBe(JobStatus.Dismissed);
        }
    }

    [Fact]
    public async Task A_running_job_is_stopped_and_tidied_away_by_its_worker()
    {
        var started = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        _bench.Provider.OnRun = async (run, stop) =>
        {
            await _bench.PutAsync(JobKeys.Output(run.Job.Id, run.Job.Attempt, "half.txt"));
            started.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopped.SetResult();
            throw new OperationCanceledException(stop);
        };
        var job = await _bench.AddAsync(startAs: _bench.Worker.Name);
        await _bench.PutAsync(JobKeys.Attachment(job.Id, 0));
        _bench.Worker.Start(job, null, _bench.Worker.TryReserve("test").ShouldNotBeNull());
        await started.Task;

        (await DismissAsync(job)).ShouldNotBeNull().State.Status.ShouldBe(JobStatus.Dismissed);

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await _bench.Worker.StoppingAsync(JobBench.None);
        (await _bench.FindAsync(job.Id)).State.Status.ShouldBe(JobStatus.Dismissed);
        (await _bench.KeysAsync(job.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_ended_job_is_removed_with_its_results()
    {
        var (job, hold) = await _bench.RunningAsync();
        await _bench.Jobs.SucceedAsync(hold, [Some.Literal("COUNT", "1")], JobBench.None);

        var dismissed = (await DismissAsync(job)).ShouldNotBeNull();

        dismissed.State.ShouldBeOfType<JobState.Dismissed>().Started.ShouldNotBeNull();
        dismissed.Outputs.ShouldBeEmpty();
        (await _bench.Jobs.FindAsync(job.Id, JobBench.None)).ShouldBeNull();
        (await _bench.KeysAsync(job.Id)).ShouldBeEmpty();
        (await DismissAsync(job)).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_that_is_dismissed_twice_is_gone()
    {
        var job = await _bench.AddAsync();

        await DismissAsync(job);
        (await DismissAsync(job)).ShouldNotBeNull().State.Status.ShouldBe(JobStatus.Dismissed);

        (await _bench.Jobs.FindAsync(job.Id, JobBench.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "bob", true)]
    [InlineData("ann", "ann", true)]
    [InlineData("ann", "bob", false)]
    [InlineData("ann", null, false)]
    public async Task Jobs_of_others_are_as_good_as_unknown(string? owner, string? asks, bool finds)
    {
        var job = await _bench.AddAsync(owner: owner);

        ((await _bench.Dismiss.ExecuteAsync(job.Id, new Caller(asks, Rights.Run), JobBench.None)) is DismissAnswer.Dismissed).ShouldBe(finds);

        (await _bench.FindAsync(job.Id)).State.Status.ShouldBe(finds ? JobStatus.Dismissed : JobStatus.Accepted);
    }

    [Fact]
    public async Task A_job_that_is_held_elsewhere_is_left_to_who_holds_it()
    {
        var (job, hold) = await _bench.RunningAsync();

        (await DismissAsync(job)).ShouldNotBeNull().State.Status.ShouldBe(JobStatus.Dismissed);

        (await _bench.KeysAsync(job.Id)).Length.ShouldBe(2);
        (await _bench.Jobs.RenewAsync(hold, _bench.Lease, 1, null, JobBench.None)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_administrator_started_is_dismissed_by_nobody_else(bool hasEnded)
    {
        var added = await _bench.Jobs.AddAsync(
            new NewJob(JobId.New(DateTimeOffset.UtcNow), "p", "test", new JobRequest("{}", [], "http://localhost/"), null, 0, 10, hasEnded ? ("w", _bench.Lease) : null, null) { IsAdministered = true },
            JobBench.None);
        var job = added.ShouldBeOfType<AddOutcome.Added>().Job;
        if (hasEnded)
        {
            await _bench.Jobs.SucceedAsync(new JobHold(job.Id, 1, "w"), [], JobBench.None);
        }

        (await _bench.Dismiss.ExecuteAsync(job.Id, JobBench.Nobody, JobBench.None)).ShouldBeOfType<DismissAnswer.NotAllowed>();
        (await _bench.FindAsync(job.Id)).State.Status.ShouldBe(hasEnded ? JobStatus.Successful : JobStatus.Accepted);

        (await _bench.Dismiss.ExecuteAsync(job.Id, Caller.Administrator, JobBench.None)).ShouldBeOfType<DismissAnswer.Dismissed>();
        ((await _bench.Jobs.FindAsync(job.Id, JobBench.None)) is null).ShouldBe(hasEnded);
    }

    [Fact]
    public async Task An_administrator_dismisses_everybodys_and_an_owner_what_she_started_as_one()
    {
        var annas = await _bench.AddAsync(owner: "ann");
        (await _bench.Dismiss.ExecuteAsync(annas.Id, Caller.Administrator, JobBench.None)).ShouldBeOfType<DismissAnswer.Dismissed>();

        var added = await _bench.Jobs.AddAsync(
            new NewJob(JobId.New(DateTimeOffset.UtcNow), "p", "test", new JobRequest("{}", [], "http://localhost/"), "ops", 0, 10, null, null) { IsAdministered = true }, JobBench.None);
        var job = added.ShouldBeOfType<AddOutcome.Added>().Job;
        (await _bench.Dismiss.ExecuteAsync(job.Id, JobBench.Nobody, JobBench.None)).ShouldBeOfType<DismissAnswer.Unknown>();
        (await _bench.Dismiss.ExecuteAsync(job.Id, new Caller("ops", Rights.Run), JobBench.None)).ShouldBeOfType<DismissAnswer.Dismissed>();
    }

    private async Task<Job?> DismissAsync(Job job) =>
        (await _bench.Dismiss.ExecuteAsync(job.Id, JobBench.Nobody, JobBench.None) as DismissAnswer.Dismissed)?.Job;
}
