using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Tests.Unit.Http;

namespace GeoWps.Tests.Unit.Jobs;

/// <summary>What an attempt does while its process runs: each second.</summary>
public sealed class JobLeaseTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly JobBench _bench = new();
    private readonly Held _held = new();
    private readonly TaskCompletionSource<JobRun> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Job? _job;

    public JobLeaseTests() => _bench.Provider.OnRun = async (run, stop) =>
    {
        _started.SetResult(run);
        await _end.Task.WaitAsync(stop);
        return new RunOutcome.Succeeded([Some.Literal("COUNT", "1")]);
    };

    public void Dispose()
    {
        _held.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_job_that_runs_for_long_is_never_taken_for_lost()
    {
        var running = await StartAsync();

        await StepAsync(40);

        (await _bench.Jobs.RecoverAsync(3, null, JobBench.None)).ShouldBeEmpty();
        (await RunningStateAsync()).LeaseUntil.ShouldBeGreaterThan(_bench.Clock.GetUtcNow() + (_bench.Lease / 2));
        await EndAsync(running, JobStatus.Successful);
    }

    [Fact]
    public async Task Progress_and_the_last_line_are_stored_each_second()
    {
        var running = await StartAsync();
        var run = await _started.Task;

        run.Progress(10);
        run.Log("info", "reading");
        run.Log("console", "noise");
        await StepAsync(1);

        var job = await _bench.FindAsync(_job!.Id);
        (job.Progress, job.Message).ShouldBe((10, "reading"));
        (await _bench.Jobs.ReadLogAsync(job.Id, 0, 9, JobBench.None)).Select(entry => (entry.Level, entry.Text, entry.Attempt))
            .ShouldBe([("info", "reading", 1), ("console", "noise", 1)]);
        await EndAsync(running, JobStatus.Successful);
    }

    [Fact]
    public async Task Progress_only_grows_and_is_told_in_steps()
    {
        var running = await StartAsync();
        var run = await _started.Task;
        var happenings = _bench.Events.WatchAsync(_job!.Id, JobBench.None);

        foreach (var percent in new[] { 0, 0.5, 1, 1.5, 50, 20, -5, 50.9, 51, 1000, double.PositiveInfinity })
        {
            run.Progress(percent);
        }

        await EndAsync(running, JobStatus.Successful);
        var told = new List<double>();
        await foreach (var happening in happenings)
        {
            told.AddRange(happening is JobEvent.Progressed progressed ? [progressed.Percent] : []);
        }

        told.ShouldBe([1, 50, 51, 100]);
    }

    [Fact]
    public async Task Who_has_lost_the_job_stops_and_leaves_it_alone()
    {
        var running = await StartAsync();
        _bench.Clock.Advance(TimeSpan.Zero);
        await _bench.Jobs.PutBackAsync(new JobHold(_job!.Id, 1, "w"), "taken", TimeSpan.Zero, forgetAttempt: false, JobBench.None);
        var other = (await _bench.Jobs.ClaimAsync("test", "other", _bench.Lease, null, JobBench.None)).ShouldNotBeNull();

        for (var second = 0; !running.IsCompleted && second < 10; second++)
        {
            await Task.WhenAny(running, _bench.Clock.WaitedForAsync(Second));
            _bench.Clock.Advance(Second);
        }

        await running;
        _held.Reason.ShouldBe(StopReason.NotOurs);
        var now = await _bench.FindAsync(_job.Id);
        now.State.ShouldBeOfType<JobState.Running>().Worker.ShouldBe("other");
        now.Attempt.ShouldBe(other.Attempt);
        (await _bench.KeysAsync(_job.Id)).ShouldBe(["request/0"]);
    }

    [Theory]
    [InlineData(nameof(IJobStore.RenewAsync))]
    [InlineData(nameof(IJobStore.AppendLogAsync))]
    [InlineData(nameof(IJobStore.RenewAsync), nameof(IJobStore.AppendLogAsync))]
    public async Task A_store_that_is_away_for_a_moment_costs_nobody_a_job(params string[] failing)
    {
        var running = await StartAsync();
        var run = await _started.Task;

        _bench.Jobs.Fail(failing);
        run.Log("info", "while it is away");
        run.Progress(5);
        await StepAsync(6);
        _bench.Jobs.Fail();
        run.Log("info", "when it is back");
        await StepAsync(20);

        (await RunningStateAsync()).LeaseUntil.ShouldBeGreaterThan(_bench.Clock.GetUtcNow());
        (await _bench.Jobs.ReadLogAsync(_job!.Id, 0, 9, JobBench.None)).ShouldContain(entry => entry.Text == "when it is back");
        await EndAsync(running, JobStatus.Successful);
    }

    [Fact]
    public async Task A_log_that_can_not_be_stored_at_the_end_does_not_hide_the_end()
    {
        var running = await StartAsync();
        var happenings = _bench.Events.WatchAsync(_job!.Id, JobBench.None).GetAsyncEnumerator();
        (await _started.Task).Log("info", "the last word");

        _bench.Jobs.Fail(nameof(IJobStore.AppendLogAsync));
        await EndAsync(running, JobStatus.Successful);

        while (await happenings.MoveNextAsync() && happenings.Current is not JobEvent.Changed { Job.State.HasEnded: true })
        {
        }

        happenings.Current.ShouldBeOfType<JobEvent.Changed>().Job.State.Status.ShouldBe(JobStatus.Successful);
        (await _bench.KeysAsync(_job.Id)).ShouldBe(["1/A.txt"]);
    }

    private async Task<Task> StartAsync()
    {
        (_job, var hold) = await _bench.RunningAsync();
        var running = _bench.Attempt.RunAsync(_job, null, hold, _held);
        await _started.Task;
        return running;
    }

    /// <summary>So many seconds, each of them noticed.</summary>
    private async Task StepAsync(int seconds)
    {
        for (; seconds > 0; seconds--)
        {
            await _bench.Clock.WaitedForAsync(Second);
            _bench.Clock.Advance(Second);
        }

        await _bench.Clock.WaitedForAsync(Second);
    }

    private async Task EndAsync(Task running, JobStatus status)
    {
        _end.SetResult();
        await running;
        (await _bench.FindAsync(_job!.Id)).State.Status.ShouldBe(status);
    }

    private async Task<JobState.Running> RunningStateAsync() => (await _bench.FindAsync(_job!.Id)).State.ShouldBeOfType<JobState.Running>();
}
