using System.Data.Common;
using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Http;
using GeoWps.Tests.Unit.Processes;

namespace GeoWps.Tests.Unit.Jobs;

public sealed class JobAttemptTests : IDisposable
{
    private readonly JobBench _bench = new();
    private readonly Held _held = new();

    public void Dispose()
    {
        _held.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_success_keeps_its_results_and_what_was_asked_for_is_tidied_away()
    {
        _bench.Provider.OnRun = (run, _) => Task.FromResult<RunOutcome>(new RunOutcome.Succeeded([new OutputValue.Literal("COUNT", ((InputValue.Inline)run.Request.Inputs["A"][0]).Json)]));

        var job = await RunAsync();

        job.State.Status.ShouldBe(JobStatus.Successful);
        job.Outputs.ShouldHaveSingleItem().ShouldBeOfType<OutputValue.Literal>().Json.GetString().ShouldBe("a");
        (await _bench.KeysAsync(job.Id)).ShouldBe(["1/A.txt"]);
    }

    [Fact]
    public async Task The_start_and_the_end_are_told()
    {
        var (job, hold) = await _bench.RunningAsync();
        var happenings = _bench.Events.WatchAsync(job.Id, JobBench.None);

        await _bench.Attempt.RunAsync(job, null, hold, _held);

        var told = new List<JobStatus>();
        await foreach (var happening in happenings)
        {
            told.Add(happening.ShouldBeOfType<JobEvent.Changed>().Job.State.Status);
        }

        told.ShouldBe([JobStatus.Running, JobStatus.Successful]);
    }

    [Fact]
    public async Task A_failure_leaves_nothing()
    {
        _bench.Provider.OnRun = (_, _) => Task.FromResult<RunOutcome>(new RunOutcome.Failed(new JobFailure(FailureKind.Algorithm, "no", [new Mistake("A", "b")])));

        var job = await RunAsync();

        var failure = job.State.ShouldBeOfType<JobState.Failed>().Failure;
        (failure.Kind, failure.Message).ShouldBe((FailureKind.Algorithm, "no"));
        failure.Mistakes.ShouldBe([new Mistake("A", "b")]);
        (await _bench.KeysAsync(job.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Mistakes_that_are_found_late_are_the_caller_s()
    {
        _bench.Provider.OnRun = (_, _) => Task.FromResult<RunOutcome>(new RunOutcome.Refused([new Mistake("A", "wrong"), new Mistake("B", "missing")]));

        var failure = (await RunAsync()).State.ShouldBeOfType<JobState.Failed>().Failure;

        (failure.Kind, failure.Message).ShouldBe((FailureKind.Input, "A: wrong; B: missing"));
        failure.Mistakes.ShouldBe([new Mistake("A", "wrong"), new Mistake("B", "missing")]);
    }

    [Fact]
    public async Task A_request_that_fits_its_process_no_longer_is_refused_when_it_runs()
    {
        _bench.Provider.OnRun = (_, _) => throw new InvalidOperationException("ran");

        (await RunAsync("""{"inputs": {"A": 5}}""")).State.ShouldBeOfType<JobState.Failed>().Failure.Message.ShouldBe("A: must be a string (got 5)");
    }

    [Fact]
    public async Task A_process_that_is_gone_fails_its_jobs()
    {
        _bench.Provider.Catalogue = FakeProvider.Make("2", Bound.Process() with { Id = "q" });

        (await RunAsync()).State.ShouldBeOfType<JobState.Failed>().Failure.ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.Input),
            failure => failure.Message.ShouldBe("The process p is not offered any more."));
    }

    [Fact]
    public async Task A_fault_of_ours_tells_nothing_of_the_server()
    {
        _bench.Provider.OnRun = (_, _) => throw new IOException("/secret/path");

        var failure = (await RunAsync()).State.ShouldBeOfType<JobState.Failed>().Failure;

        (failure.Kind, failure.Message).ShouldBe((FailureKind.Internal, "The server failed to run the job; its log says more."));
        failure.Mistakes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_was_away_is_no_failure_of_the_job()
    {
        _bench.Provider.OnRun = (_, _) => throw new InvalidDataException("half", new Away());

        var job = await RunAsync();

        job.State.ShouldBeOfType<JobState.Accepted>().NotBefore.ShouldNotBeNull();
        job.Message.ShouldBe("What the job needs could not be read or stored, since the database was away.");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 16)]
    [InlineData(4, 16)]
    public async Task A_lost_attempt_is_tried_again_after_a_while(int attempt, int seconds)
    {
        _bench.Settings.Value.MaxAttempts = 5;
        _bench.Provider.OnRun = (_, _) => Task.FromResult<RunOutcome>(new RunOutcome.Lost(new JobFailure(FailureKind.Crash, "its process ended")));
        var (job, hold) = await _bench.RunningAsync();
        while (job.Attempt < attempt)
        {
            await _bench.Jobs.PutBackAsync(hold, "", TimeSpan.Zero, forgetAttempt: false, JobBench.None);
            job = (await _bench.Jobs.ClaimAsync("test", "w", _bench.Lease, null, JobBench.None)).ShouldNotBeNull();
            hold = hold with { Attempt = job.Attempt };
        }

        await _bench.Attempt.RunAsync(job, null, hold, _held);

        job = await _bench.FindAsync(job.Id);
        var pause = job.State.ShouldBeOfType<JobState.Accepted>().NotBefore.ShouldNotBeNull() - _bench.Clock.GetUtcNow();
        pause.ShouldBeInRange(TimeSpan.FromSeconds(0.79 * seconds), TimeSpan.FromSeconds(1.21 * seconds));
        (job.Attempt, job.Message).ShouldBe((attempt, "its process ended"));
        (await _bench.KeysAsync(job.Id)).ShouldContain("request/0");
    }

    [Fact]
    public async Task The_last_attempt_that_is_lost_fails()
    {
        _bench.Settings.Value.MaxAttempts = 1;
        _bench.Provider.OnRun = (_, _) => Task.FromResult<RunOutcome>(new RunOutcome.Lost(new JobFailure(FailureKind.Crash, "its process ended")));

        (await RunAsync()).State.ShouldBeOfType<JobState.Failed>().Failure.Kind.ShouldBe(FailureKind.Crash);
    }

    [Fact]
    public async Task A_node_that_stops_puts_the_job_back_as_if_nothing_had_been()
    {
        _bench.Provider.OnRun = async (_, stop) =>
        {
            _held.Cancel(StopReason.Draining);
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException();
        };

        var job = await RunAsync();

        job.State.ShouldBeOfType<JobState.Accepted>();
        (job.Attempt, job.Message).ShouldBe((0, "The server was stopped."));
        (await _bench.KeysAsync(job.Id)).ShouldBe(["request/0"]);
        (await _bench.Jobs.ClaimAsync("test", "x", _bench.Lease, null, JobBench.None)).ShouldNotBeNull().Id.ShouldBe(job.Id);
    }

    [Fact]
    public async Task What_the_next_attempt_of_a_job_that_was_put_back_has_stored_by_then_stays()
    {
        _bench.Provider.OnRun = async (_, stop) =>
        {
            _held.Cancel(StopReason.Draining);
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException();
        };
        var (job, hold) = await _bench.RunningAsync();
        _bench.Jobs.OncePutBack = async () =>
        {
            var next = (await _bench.Jobs.ClaimAsync("test", "next", _bench.Lease, null, JobBench.None)).ShouldNotBeNull();
            next.Attempt.ShouldBe(hold.Attempt);
            (await _bench.KeysAsync(job.Id)).ShouldBe(["request/0"]);
            await _bench.PutAsync(JobKeys.Output(job.Id, next.Attempt, "B.txt"));
        };

        await _bench.Attempt.RunAsync(job, null, hold, _held);

        (await _bench.KeysAsync(job.Id)).ShouldBe(["1/B.txt", "request/0"]);
    }

    [Fact]
    public async Task What_an_attempt_stored_whose_worker_died_goes_with_the_end_of_the_next_one()
    {
        var (job, hold) = await _bench.RunningAsync();
        await _bench.PutAsync(JobKeys.Output(job.Id, 1, "A.txt"));
        await _bench.Jobs.PutBackAsync(hold, "", TimeSpan.Zero, forgetAttempt: false, JobBench.None);
        job = (await _bench.Jobs.ClaimAsync("test", "w", _bench.Lease, null, JobBench.None)).ShouldNotBeNull();
        _bench.Provider.OnRun = async (_, _) =>
        {
            await _bench.PutAsync(JobKeys.Output(job.Id, 2, "A.txt"));
            return new RunOutcome.Succeeded([Some.Literal("COUNT", "1")]);
        };

        await _bench.Attempt.RunAsync(job, null, hold with { Attempt = 2 }, _held);

        (await _bench.KeysAsync(job.Id)).ShouldBe(["2/A.txt"]);
    }

    [Fact]
    public async Task Results_of_a_success_whose_answer_was_lost_stay()
    {
        _bench.Jobs.LosesSuccess = true;
        var (job, hold) = await _bench.RunningAsync();
        _bench.Provider.OnRun = (_, _) => Task.FromResult<RunOutcome>(new RunOutcome.Succeeded([Some.Literal("COUNT", "1")]));

        await Should.ThrowAsync<IOException>(() => _bench.Attempt.RunAsync(job, null, hold, _held));

        (await _bench.FindAsync(job.Id)).State.Status.ShouldBe(JobStatus.Successful);
        (await _bench.KeysAsync(job.Id)).ShouldBe(["1/A.txt"]);
    }

    [Fact]
    public async Task A_run_that_ends_in_spite_of_the_stop_has_ended()
    {
        _bench.Provider.OnRun = (_, _) =>
        {
            _held.Cancel(StopReason.Draining);
            return Task.FromResult<RunOutcome>(new RunOutcome.Succeeded([Some.Literal("COUNT", "1")]));
        };

        (await RunAsync()).State.Status.ShouldBe(JobStatus.Successful);
    }

    [Fact]
    public async Task A_job_that_was_dismissed_while_it_ran_stays_dismissed_and_leaves_nothing()
    {
        _bench.Provider.OnRun = async (run, _) =>
        {
            await _bench.Jobs.DismissAsync(run.Job.Id, JobBench.None);
            return new RunOutcome.Succeeded([Some.Literal("COUNT", "1")]);
        };

        var job = await RunAsync();

        job.State.Status.ShouldBe(JobStatus.Dismissed);
        job.Outputs.ShouldBeEmpty();
        (await _bench.KeysAsync(job.Id)).ShouldBeEmpty();
    }

    private async Task<Job> RunAsync(string json = """{"inputs": {"A": "a"}}""")
    {
        var (job, hold) = await _bench.RunningAsync(json);
        await _bench.Attempt.RunAsync(job, null, hold, _held);
        return await _bench.FindAsync(job.Id);
    }

    private sealed class Away : DbException
    {
        public override bool IsTransient => true;
    }
}
