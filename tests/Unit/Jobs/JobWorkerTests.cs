using System.Collections.Concurrent;
using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Processes;

namespace GeoWps.Tests.Unit.Jobs;

public sealed class JobWorkerTests : IAsyncLifetime
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly JobBench _bench = new();
    private readonly ConcurrentQueue<JobId> _started = [];
    private readonly ConcurrentDictionary<JobId, TaskCompletionSource<RunOutcome>> _ends = new();

    public JobWorkerTests() => _bench.Provider.OnRun = (run, stop) =>
    {
        _started.Enqueue(run.Job.Id);
        return EndOf(run.Job.Id).Task.WaitAsync(stop);
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _bench.Jobs.Fail();
        var stopping = _bench.Worker.StoppingAsync(JobBench.None);
        while (!stopping.IsCompleted)
        {
            _bench.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        await stopping;
        _bench.Dispose();
    }

    [Fact]
    public async Task As_many_jobs_run_as_there_are_places_and_the_next_one_when_one_is_free()
    {
        var (first, second, third) = (await _bench.AddAsync(), await _bench.AddAsync(), await _bench.AddAsync());
        await _bench.Worker.StartAsync(JobBench.None);
        await RunningAsync(first);
        await RunningAsync(second);

        (await _bench.FindAsync(third.Id)).State.Status.ShouldBe(JobStatus.Accepted);
        _bench.Worker.TryReserve("test").ShouldBeNull();
        End(first);

        await RunningAsync(third);
        _started.ShouldBe([first.Id, second.Id, third.Id], ignoreOrder: true);
    }

    [Fact]
    public async Task Jobs_of_higher_priority_start_first()
    {
        var late = await _bench.AddAsync();
        var (soon, sooner) = (await _bench.AddAsync(priority: 10), await _bench.AddAsync(priority: 10));

        await _bench.Worker.StartAsync(JobBench.None);
        await RunningAsync(soon);
        await RunningAsync(sooner);

        (await _bench.FindAsync(late.Id)).State.Status.ShouldBe(JobStatus.Accepted);
    }

    [Fact]
    public async Task A_worker_that_is_woken_looks_at_once_and_otherwise_after_two_seconds()
    {
        await _bench.Worker.StartAsync(JobBench.None);
        await _bench.Clock.WaitedForAsync(Poll);
        var woken = await _bench.AddAsync();
        _bench.Worker.Wake("test");
        await RunningAsync(woken);

        await _bench.Clock.WaitedForAsync(Poll);
        var found = await _bench.AddAsync();
        _bench.Clock.Advance(Poll);
        await RunningAsync(found);
    }

    [Fact]
    public void Places_are_given_once_each_and_only_of_lanes_that_this_node_has()
    {
        _bench.Worker.TryReserve("qgis").ShouldBeNull();
        var place = _bench.Worker.TryReserve("test").ShouldNotBeNull();
        _bench.Worker.TryReserve("test").ShouldNotBeNull();
        _bench.Worker.TryReserve("test").ShouldBeNull();

        place.Dispose();
        place.Dispose();

        _bench.Worker.TryReserve("test").ShouldNotBeNull();
        _bench.Worker.TryReserve("test").ShouldBeNull();
    }

    [Fact]
    public async Task Where_others_work_too_only_jobs_of_the_processes_that_this_node_has_are_taken()
    {
        _bench.Jobs.IsShared = true;
        var had = _bench.Provider.Catalogue;
        _bench.Provider.Catalogue = FakeProvider.Make("1", Bound.Process() with { Id = "another" });
        var job = await _bench.AddAsync();
        await _bench.Worker.StartAsync(JobBench.None);
        await _bench.Clock.WaitedForAsync(Poll);
        _started.ShouldBeEmpty();

        _bench.Provider.Catalogue = had;
        _bench.Worker.Wake("test");

        await RunningAsync(job);
    }

    [Fact]
    public async Task A_job_that_brings_its_place_gives_it_back_at_its_end()
    {
        _bench.Worker.TryReserve("test").ShouldNotBeNull();
        var job = await _bench.AddAsync(startAs: _bench.Worker.Name);
        _bench.Worker.Start(job, null, _bench.Worker.TryReserve("test").ShouldNotBeNull());
        _bench.Worker.TryReserve("test").ShouldBeNull();

        End(job);
        await _bench.UntilAsync(job.Id, JobStatus.Successful);

        await EventuallyAsync(() => _bench.Worker.TryReserve("test") is not null);
    }

    [Fact]
    public async Task A_queue_that_can_not_be_read_for_a_while_costs_no_place()
    {
        _bench.Jobs.Fail(nameof(IJobStore.ClaimAsync));
        await _bench.Worker.StartAsync(JobBench.None);
        for (var failures = 0; failures < 3; failures++)
        {
            await _bench.Clock.WaitedForAsync(Poll);
            _bench.Clock.Advance(Poll);
        }

        await _bench.Clock.WaitedForAsync(Poll);
        _bench.Jobs.Fail();
        var (first, second) = (await _bench.AddAsync(), await _bench.AddAsync());
        _bench.Clock.Advance(Poll);

        await RunningAsync(first);
        await RunningAsync(second);
    }

    [Fact]
    public async Task A_lost_job_runs_again_when_its_time_has_come()
    {
        await _bench.Worker.StartAsync(JobBench.None);
        var job = await _bench.AddAsync();
        _bench.Worker.Wake("test");
        await RunningAsync(job);
        EndOf(job.Id).SetResult(new RunOutcome.Lost(new JobFailure(FailureKind.Crash, "its process ended")));
        await EventuallyAsync(async () => (await _bench.FindAsync(job.Id)).State is JobState.Accepted { NotBefore: not null });

        var pause = ((JobState.Accepted)(await _bench.FindAsync(job.Id)).State).NotBefore!.Value - _bench.Clock.GetUtcNow();
        await _bench.Clock.WaitedForAsync(pause);
        _started.Count.ShouldBe(1);

        _bench.Clock.Advance(pause);
        await EventuallyAsync(() => _started.Count == 2);

        (await _bench.FindAsync(job.Id)).Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task Jobs_that_an_earlier_run_of_the_node_left_behind_start_again()
    {
        var left = await _bench.AddAsync(startAs: "an earlier run");

        await _bench.Worker.StartingAsync(JobBench.None);

        (await _bench.FindAsync(left.Id)).State.Status.ShouldBe(JobStatus.Accepted);
        await _bench.Worker.StartAsync(JobBench.None);
        await RunningAsync(left);
        (await _bench.FindAsync(left.Id)).Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task Jobs_of_a_node_that_is_gone_start_again_when_their_lease_is_over()
    {
        var left = await _bench.AddAsync(startAs: "another node");
        await _bench.Worker.StartAsync(JobBench.None);
        for (var third = 0; third < 4; third++)
        {
            _started.ShouldBeEmpty();
            await _bench.Clock.WaitedForAsync(_bench.Lease / 3);
            _bench.Clock.Advance(_bench.Lease / 3);
        }

        await RunningAsync(left);
    }

    private TaskCompletionSource<RunOutcome> EndOf(JobId id) => _ends.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private void End(Job job) => EndOf(job.Id).SetResult(new RunOutcome.Succeeded([]));

    private Task RunningAsync(Job job) => EventuallyAsync(() => _started.Contains(job.Id));

    private static Task EventuallyAsync(Func<bool> condition) => EventuallyAsync(() => Task.FromResult(condition()));

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
