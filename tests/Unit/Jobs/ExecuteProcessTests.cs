using System.Text.Json;
using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Http;
using GeoWps.Tests.Unit.Processes;

namespace GeoWps.Tests.Unit.Jobs;

public sealed class ExecuteProcessTests : IAsyncLifetime
{
    private readonly JobBench _bench = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ExecuteProcessTests() => _bench.Provider.OnRun = async (_, stop) =>
    {
        _started.TrySetResult();
        await _end.Task.WaitAsync(stop);
        return new RunOutcome.Succeeded([Some.Literal("COUNT", "1")]);
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _end.TrySetResult();
        await _bench.Worker.StoppingAsync(JobBench.None);
        _bench.Dispose();
    }

    [Fact]
    public async Task A_synchronous_call_is_answered_when_its_job_has_ended()
    {
        var call = _bench.Execute.ExecuteAsync(await CallAsync(ExecuteMode.Sync), JobBench.None);
        await _started.Task;
        call.IsCompleted.ShouldBeFalse();

        _end.SetResult();

        var ended = (await call).ShouldBeOfType<ExecuteOutcome.Ended>();
        ended.Job.State.Status.ShouldBe(JobStatus.Successful);
        ended.Request.Inputs.Keys.ShouldBe(["A"]);
    }

    [Fact]
    public async Task Who_hangs_up_on_a_synchronous_call_dismisses_its_job()
    {
        using var hangUp = new CancellationTokenSource();
        var call = await CallAsync(ExecuteMode.Sync);
        var answer = _bench.Execute.ExecuteAsync(call, hangUp.Token);
        await _started.Task;

        await hangUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => answer);
        (await _bench.FindAsync(call.Body.Id)).State.Status.ShouldBe(JobStatus.Dismissed);
    }

    [Fact]
    public async Task An_asynchronous_call_is_answered_at_once_and_a_free_place_is_used_at_once()
    {
        var started = (await ExecuteAsync()).ShouldBeOfType<ExecuteOutcome.Started>();

        started.Job.State.ShouldBeOfType<JobState.Running>().Worker.ShouldBe(_bench.Worker.Name);
        (started.Job.Priority, started.Job.Attempt).ShouldBe((0, 1));
        await _started.Task;
    }

    [Fact]
    public async Task An_answer_that_may_wait_tells_of_a_job_that_has_ended()
    {
        _end.SetResult();

        (await ExecuteAsync(wait: TimeSpan.FromMinutes(5))).ShouldBeOfType<ExecuteOutcome.Started>().Job.State.Status.ShouldBe(JobStatus.Successful);
    }

    [Fact]
    public async Task Without_a_free_place_a_job_waits()
    {
        using var one = _bench.Worker.TryReserve("test").ShouldNotBeNull();
        using var two = _bench.Worker.TryReserve("test").ShouldNotBeNull();

        (await ExecuteAsync()).ShouldBeOfType<ExecuteOutcome.Started>().Job.State.Status.ShouldBe(JobStatus.Accepted);
        _started.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_full_queue_refuses_and_keeps_nothing()
    {
        _bench.Settings.Value.MaxQueued = 1;
        using var one = _bench.Worker.TryReserve("test").ShouldNotBeNull();
        using var two = _bench.Worker.TryReserve("test").ShouldNotBeNull();
        (await ExecuteAsync()).ShouldBeOfType<ExecuteOutcome.Started>();

        var call = await CallAsync(ExecuteMode.Async);
        (await _bench.Execute.ExecuteAsync(call, JobBench.None)).ShouldBeOfType<ExecuteOutcome.Full>().RetryAfter.ShouldBeGreaterThan(TimeSpan.Zero);

        (await _bench.Jobs.FindAsync(call.Body.Id, JobBench.None)).ShouldBeNull();
        (await _bench.KeysAsync(call.Body.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_that_stops_takes_nothing()
    {
        _bench.Readiness.Drain();

        (await ExecuteAsync()).ShouldBeOfType<ExecuteOutcome.Full>();
        (await _bench.KeysAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_that_is_wrong_makes_no_job_and_takes_no_place()
    {
        var call = await CallAsync(ExecuteMode.Async, json: """{"inputs": {"A": 5, "B": 1}}""");

        (await _bench.Execute.ExecuteAsync(call, JobBench.None)).ShouldBeOfType<ExecuteOutcome.Refused>().Mistakes.Count.ShouldBe(2);
        (await _bench.Execute.ExecuteAsync(call with { ProcessId = "q" }, JobBench.None)).ShouldBe(new ExecuteOutcome.NoSuchProcess("q"));

        (await _bench.KeysAsync()).ShouldBeEmpty();
        using var one = _bench.Worker.TryReserve("test").ShouldNotBeNull();
        using var two = _bench.Worker.TryReserve("test").ShouldNotBeNull();
    }

    [Fact]
    public async Task The_same_request_sent_again_gets_the_job_of_the_first_and_takes_no_place()
    {
        var first = (await ExecuteAsync(key: "k")).ShouldBeOfType<ExecuteOutcome.Started>().Job;

        var again = await CallAsync(ExecuteMode.Async, key: "k");
        (await _bench.Execute.ExecuteAsync(again, JobBench.None)).ShouldBeOfType<ExecuteOutcome.Started>().Job.Id.ShouldBe(first.Id);
        (await _bench.KeysAsync(again.Body.Id)).ShouldBeEmpty();
        (await _bench.KeysAsync(first.Id)).ShouldNotBeEmpty();
        using var place = _bench.Worker.TryReserve("test").ShouldNotBeNull();

        var waiting = _bench.Execute.ExecuteAsync(await CallAsync(ExecuteMode.Sync, key: "k"), JobBench.None);
        _end.SetResult();
        var ended = (await waiting).ShouldBeOfType<ExecuteOutcome.Ended>();
        (ended.Job.Id, ended.Job.State.Status).ShouldBe((first.Id, JobStatus.Successful));
        (await _bench.Execute.ExecuteAsync(await CallAsync(ExecuteMode.Sync, key: "k"), JobBench.None)).ShouldBeOfType<ExecuteOutcome.Ended>().Job.Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task A_repeated_call_that_hangs_up_does_not_dismiss_the_job_of_the_first()
    {
        var first = (await ExecuteAsync(key: "k")).ShouldBeOfType<ExecuteOutcome.Started>().Job;
        using var hangUp = new CancellationTokenSource();
        var waiting = _bench.Execute.ExecuteAsync(await CallAsync(ExecuteMode.Sync, key: "k"), hangUp.Token);

        await hangUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        (await _bench.FindAsync(first.Id)).State.Status.ShouldBe(JobStatus.Running);
    }

    [Fact]
    public async Task A_key_is_not_for_two_requests()
    {
        await ExecuteAsync(key: "k");

        var other = await CallAsync(ExecuteMode.Async, key: "k", digest: "other");
        (await _bench.Execute.ExecuteAsync(other, JobBench.None)).ShouldBeOfType<ExecuteOutcome.KeyReused>();
        (await _bench.KeysAsync(other.Body.Id)).ShouldBeEmpty();
    }

    private async Task<ExecuteOutcome> ExecuteAsync(TimeSpan? wait = null, string? key = null) =>
        await _bench.Execute.ExecuteAsync(await CallAsync(ExecuteMode.Async, wait, key), JobBench.None);

    /// <summary>A call whose body has a part in the blob store.</summary>
    private async Task<ExecuteCall> CallAsync(
        ExecuteMode mode, TimeSpan? wait = null, string? key = null, string digest = "digest", string json = """{"inputs": {"A": "a"}}""")
    {
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var id = JobId.New(_bench.Clock.GetUtcNow());
        await _bench.PutAsync(JobKeys.Attachment(id, 0));
        return new ExecuteCall("p", new RequestBody(id, JsonElement.Parse(json), [], digest), mode, wait, null, Bound.Base, key);
    }
}
