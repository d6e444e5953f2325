using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Jobs;

/// <summary>A node that stops.</summary>
public sealed class JobDrainTests : IDisposable
{
    /// <summary>Of the 30 seconds, 3 are kept for handing back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(27);

    private readonly JobBench _bench = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobDrainTests() => _bench.Provider.OnRun = async (_, stop) =>
    {
        _started.TrySetResult();
        await _end.Task.WaitAsync(stop);
        return new RunOutcome.Succeeded([]);
    };

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_node_at_rest_stops_at_once_and_takes_nothing_new()
    {
        await _bench.Worker.StartAsync(JobBench.None);

        await _bench.Worker.StoppingAsync(JobBench.None);

        _bench.Readiness.IsDraining.ShouldBeTrue();
        _bench.Readiness.IsReady.ShouldBeFalse();
        _bench.Worker.TryReserve("test").ShouldBeNull();
        var job = await _bench.AddAsync();
        _bench.Worker.Wake("test");
        (await _bench.FindAsync(job.Id)).State.Status.ShouldBe(JobStatus.Accepted);
    }

    [Fact]
    public async Task What_ends_in_time_ends_well()
    {
        var job = await RunAsync();
        var stopping = _bench.Worker.StoppingAsync(JobBench.None);
        await _bench.Clock.WaitedForAsync(Patience);
        stopping.IsCompleted.ShouldBeFalse();

        _end.SetResult();
        await stopping;

        (await _bench.FindAsync(job.Id)).State.Status.ShouldBe(JobStatus.Successful);
    }

    [Fact]
    public async Task What_does_not_end_in_time_goes_back_into_the_queue_without_a_lost_attempt()
    {
        var job = await RunAsync();
        var waiting = await _bench.AddAsync();
        var stopping = _bench.Worker.StoppingAsync(JobBench.None);
        await _bench.Clock.WaitedForAsync(Patience);

        _bench.Clock.Advance(Patience - TimeSpan.FromTicks(1));
        stopping.IsCompleted.ShouldBeFalse();
        _bench.Clock.Advance(TimeSpan.FromTicks(1));
        await stopping;

        var back = await _bench.FindAsync(job.Id);
        back.State.ShouldBeOfType<JobState.Accepted>();
        (back.Attempt, back.Message).ShouldBe((0, "The server was stopped."));
        (await _bench.FindAsync(waiting.Id)).State.Status.ShouldBe(JobStatus.Accepted);
        (await _bench.Jobs.ClaimAsync("test", "next", _bench.Lease, null, JobBench.None)).ShouldNotBeNull().Id.ShouldBe(job.Id);
    }

    [Fact]
    public async Task The_host_s_own_deadline_cuts_the_patience_short()
    {
        var job = await RunAsync();
        using var deadline = new CancellationTokenSource();
        var stopping = _bench.Worker.StoppingAsync(deadline.Token);
        await _bench.Clock.WaitedForAsync(Patience);

        await deadline.CancelAsync();
        await stopping;

        (await _bench.FindAsync(job.Id)).State.Status.ShouldBe(JobStatus.Accepted);
    }

    [Fact]
    public async Task A_dismissed_job_is_not_put_back()
    {
        var job = await RunAsync();
        await _bench.Dismiss.ExecuteAsync(job.Id, JobBench.Nobody, JobBench.None);

        await _bench.Worker.StoppingAsync(JobBench.None);

        (await _bench.FindAsync(job.Id)).State.Status.ShouldBe(JobStatus.Dismissed);
    }

    private async Task<Job> RunAsync()
    {
        await _bench.Worker.StartAsync(JobBench.None);
        var job = await _bench.AddAsync(startAs: _bench.Worker.Name);
        _bench.Worker.Start(job, null, _bench.Worker.TryReserve("test").ShouldNotBeNull());
        await _started.Task;
        return job;
    }
}
