using System.Collections.Concurrent;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Http;
using GeoWps.Tests.Unit.Jobs;

namespace GeoWps.Tests.Unit.Processes.Chains;

/// <summary>Chains on a node with the real store and worker. A step says what it is by its input <c>FIELD</c> or <c>DISTANCE</c>, and does what a test says.</summary>
public sealed class ChainProviderTests : IAsyncLifetime
{
    private readonly JobBench _bench = new(withChains: true);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<RunOutcome>> _ends = new();
    private readonly ConcurrentDictionary<string, JobRun> _runs = new();
    private readonly SemaphoreSlim _started = new(0);

    public ChainProviderTests()
    {
        _bench.Provider.Catalogue = FakeProvider.Make("1", Tools.All);
        _bench.Provider.OnRun = async (run, stop) =>
        {
            var name = NameOf(run.Job);
            _runs[name] = run;
            _started.Release();
            return await EndOf(name).Task.WaitAsync(stop);
        };
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var end in _ends.Values)
        {
            end.TrySetCanceled();
        }

        var stopping = _bench.Worker.StoppingAsync(JobBench.None);
        await UntilAsync(() =>
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(10));
            return Task.FromResult(stopping.IsCompleted);
        });
        await stopping;
        _bench.Dispose();
    }

    [Fact]
    public async Task Steps_run_one_after_the_other_as_jobs_and_the_last_ones_result_is_the_chains()
    {
        var call = await ExecuteAsync("native:buffer", Buffer("2", Buffer("1", null)));
        await StartedAsync("1");
        _runs.ContainsKey("2").ShouldBeFalse("it needs the first");
        await SucceedAsync("1", "OUTPUT.fgb", "application/flatgeobuf");
        await StartedAsync("2");
        var reference = ((InputValue.Reference)_runs["2"].Request.Inputs["INPUT"][0]).Href;
        reference.ShouldBe(OwnResults.AddressOf(Bound.Base, _runs["1"].Job.Id, "OUTPUT"));
        await SucceedAsync("2", "OUTPUT.geojson", "application/geo+json", withSidecar: true);

        var chain = ((ExecuteOutcome.Ended)await call.Outcome).Job;
        (chain.Id, chain.State.Status, chain.Lane, chain.ProcessId, chain.Progress).ShouldBe((call.Id, JobStatus.Successful, "chain", "native:buffer", 100));
        var content = chain.Outputs.ShouldHaveSingleItem().ShouldBeOfType<OutputValue.Content>();
        (content.Key, content.Name, content.Sidecars[0].Key).ShouldBe(($"jobs/{call.Id}/1/OUTPUT.geojson", "OUTPUT.geojson", $"jobs/{call.Id}/1/beside.xsd"));
        var steps = await StepsAsync(call.Id);
        steps.Select(step => (step.Parent, step.State.Status, step.Lane, step.Priority)).Distinct().ShouldBe([(call.Id, JobStatus.Successful, "test", 11)]);

        await _bench.Dismiss.ExecuteAsync(_runs["2"].Job.Id, JobBench.Nobody, JobBench.None);
        (await _bench.KeysAsync(call.Id)).ShouldBe(["1/OUTPUT.geojson", "1/beside.xsd"], "the step is gone, its chain's result is not");
        await _bench.Dismiss.ExecuteAsync(call.Id, JobBench.Nobody, JobBench.None);
        (await _bench.KeysAsync()).ShouldBeEmpty("with the chain its steps are removed");
        (await StepsAsync(call.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_does_not_wait_for_each_other_runs_at_once_and_the_message_says_what_runs()
    {
        var call = await ExecuteAsync("native:merge", Merge(Buffer("1", null), Buffer("2", null)));
        await StartedAsync("1", "2");
        _runs["1"].Progress(50);
        await SucceedAsync("1");
        await SucceedAsync("2");
        await StartedAsync("native:merge");
        await SucceedAsync("native:merge");

        (await call.Outcome).ShouldBeOfType<ExecuteOutcome.Ended>().Job.State.Status.ShouldBe(JobStatus.Successful);
        var log = (await _bench.Jobs.ReadLogAsync(call.Id, 0, 100, JobBench.None)).Select(line => line.Text).ToList();
        log.Count.ShouldBe(6);
        log.ShouldContain($"Step 1 of 3, native:buffer (LAYERS[0]), runs as job {_runs["1"].Job.Id}");
        log.ShouldContain("Step 2 of 3, native:buffer (LAYERS[1]), is done");
        log[4].ShouldBe($"Step 3 of 3, native:merge, runs as job {_runs["native:merge"].Job.Id}");
    }

    [Fact]
    public async Task The_progress_of_a_chain_is_that_of_its_steps()
    {
        var call = await ExecuteAsync("native:buffer", Buffer("2", Buffer("1", null)));
        await StartedAsync("1");
        var progress = FirstProgressAsync(call.Id);
        _runs["1"].Progress(50);

        (await progress).ShouldBe(25);
    }

    [Fact]
    public async Task A_step_that_fails_ends_its_chain_and_says_where()
    {
        var call = await ExecuteAsync("native:merge", Merge(Buffer("1", Buffer("0", null)), Buffer("2", null)));
        await StartedAsync("0", "2");
        EndOf("0").SetResult(new RunOutcome.Failed(new JobFailure(FailureKind.Algorithm, "It broke.")));

        var failure = (await FailureAsync(call)).ShouldNotBeNull();
        (failure.Kind, failure.Message).ShouldBe((FailureKind.Algorithm, "LAYERS[0].inputs.INPUT: It broke."));
        (await StepsAsync(call.Id)).Select(step => (NameOf(step), step.State.Status)).ShouldBe([("2", JobStatus.Dismissed), ("0", JobStatus.Failed)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_wrong_with_the_data_of_a_step_is_told_with_the_place_in_the_whole()
    {
        var call = await ExecuteAsync("native:buffer", Buffer("2", Buffer("1", null)));
        await StartedAsync("1");
        EndOf("1").SetResult(new RunOutcome.Refused([new Mistake("INPUT", "is empty"), new Mistake("", "is odd")]));

        var failure = (await FailureAsync(call)).ShouldNotBeNull();
        failure.Mistakes.Select(mistake => mistake.ToString()).ShouldBe(["INPUT.inputs.INPUT: is empty", "INPUT: is odd"]);
        failure.Message.ShouldBe("INPUT.inputs.INPUT: is empty; INPUT: is odd");
    }

    [Fact]
    public async Task A_step_that_is_called_off_fails_its_chain()
    {
        var call = await ExecuteAsync("native:buffer", Buffer("2", Buffer("1", null)));
        await StartedAsync("1");

        await _bench.Dismiss.ExecuteAsync(_runs["1"].Job.Id, JobBench.Nobody, JobBench.None);

        (await FailureAsync(call)).ShouldNotBeNull().Message.ShouldBe($"INPUT: job {_runs["1"].Job.Id} was dismissed");
    }

    [Fact]
    public async Task With_a_chain_its_steps_are_called_off()
    {
        using var _ = _bench.Worker.TryReserve("test");
        var call = await ExecuteAsync("native:merge", Merge(Buffer("1", null), Buffer("2", null)));
        await _started.WaitAsync();
        await UntilAsync(async () => (await StepsAsync(call.Id)).Length == 2);

        await _bench.Dismiss.ExecuteAsync(call.Id, JobBench.Nobody, JobBench.None);

        (await StepsAsync(call.Id)).Select(step => step.State.Status).ShouldBe([JobStatus.Dismissed, JobStatus.Dismissed]);
        (await call.Outcome).ShouldBeOfType<ExecuteOutcome.Ended>().Job.State.Status.ShouldBe(JobStatus.Dismissed);
    }

    [Fact]
    public async Task One_place_is_enough_for_any_chain()
    {
        using var _ = _bench.Worker.TryReserve("test").ShouldNotBeNull();
        await _bench.Worker.StartAsync(JobBench.None);
        var call = await ExecuteAsync("native:merge", Merge(Buffer("1", Buffer("0", null)), Buffer("2", null)));

        // Whichever comes first.
        await Task.WhenAll(new[] { "0", "1", "2", "native:merge" }.Select(name => SucceedAsync(name)));

        (await call.Outcome).ShouldBeOfType<ExecuteOutcome.Ended>().Job.State.Status.ShouldBe(JobStatus.Successful);
    }

    [Fact]
    public async Task A_step_waits_for_room_in_the_queue()
    {
        var places = new[] { _bench.Worker.TryReserve("test"), _bench.Worker.TryReserve("test") };
        _bench.Settings.Value.MaxQueued = 0;
        var call = await ExecuteAsync("native:buffer", Buffer("2", Buffer("1", null)));
        await UntilAsync(async () => await _bench.Jobs.FindAsync(call.Id, JobBench.None) is { State.Status: JobStatus.Running });
        for (var i = 0; i < 5; i++)
        {
            await _bench.Clock.WaitedForAsync();
            _bench.Clock.Advance(TimeSpan.FromSeconds(3));
        }

        (await StepsAsync(call.Id)).ShouldBeEmpty();
        Array.ForEach(places, place => place!.Dispose());
        await UntilAsync(() =>
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(_runs.ContainsKey("1"));
        });
        await SucceedAsync("1");
        (await StepsAsync(call.Id)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_chain_whose_worker_was_lost_begins_again_and_leaves_nothing_of_before()
    {
        var call = await ExecuteAsync("native:buffer", Buffer("2", Buffer("1", null)), ExecuteMode.Async);
        await StartedAsync("1");
        var lost = _runs["1"].Job.Id;

        // As after a restart: the rows are another worker's.
        foreach (var job in await _bench.Jobs.RecoverAsync(3, "another", JobBench.None))
        {
            _bench.Worker.StopWork(job.Id);
        }

        (await _bench.FindAsync(lost)).State.Status.ShouldBe(JobStatus.Dismissed);
        await _bench.Worker.StartAsync(JobBench.None);
        await UntilAsync(async () => _runs["1"].Job.Id != lost && (await StepsAsync(call.Id)).Length == 2);
        await SucceedAsync("1");
        await SucceedAsync("2");
        (await _bench.UntilAsync(call.Id, JobStatus.Successful)).Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task What_takes_the_result_of_a_running_job_waits_for_it_without_holding_a_place()
    {
        var first = await ExecuteAsync("native:buffer", Buffer("1", null), ExecuteMode.Async);
        await StartedAsync("1");
        var call = await ExecuteAsync("native:buffer", Buffer("2", ResultOf(first.Id)));
        await UntilAsync(async () => await _bench.Jobs.FindAsync(call.Id, JobBench.None) is { Lane: "chain", State.Status: JobStatus.Running });
        (await StepsAsync(call.Id)).ShouldBeEmpty();

        await SucceedAsync("1");
        await SucceedAsync("2");

        (await call.Outcome).ShouldBeOfType<ExecuteOutcome.Ended>().Job.State.Status.ShouldBe(JobStatus.Successful);
        var again = await ExecuteAsync("native:buffer", Buffer("3", ResultOf(first.Id)));
        await SucceedAsync("3");
        (await again.Outcome).ShouldBeOfType<ExecuteOutcome.Ended>().Job.Lane.ShouldBe("test", "there is nothing to wait for");
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_before_anything_runs()
    {
        _bench.Provider.OnCheck = request => request.Inputs.ContainsKey("FIELD") ? [new Mistake("FIELD", "no such field")] : [];
        var call = await ExecuteAsync(
            "native:merge",
            """
            {"inputs": {"LAYERS": [
                {"process": "native:buffer", "inputs": {"INPUT": {"href": "http://inner/a"}, "DISTANCE": "far", "RADIUS": 1}},
                {"process": "native:buffer", "inputs": {"INPUT": {"process": "native:buffer"}, "DISTANCE": {"process": "native:statistics", "inputs": {"INPUT": {"href": "http://a/b"}, "FIELD": "x"}, "outputs": {"FLAG": {}}}}}]},
             "outputs": {"OUT": {}}}
            """);

        (await call.Outcome).ShouldBeOfType<ExecuteOutcome.Refused>().Mistakes.Select(mistake => $"{mistake} ({mistake.Kind})").ShouldBe(
        [
            "LAYERS[1].inputs.DISTANCE: FLAG of native:statistics gives a plain value, which this input does not take (Chaining)",
            "LAYERS[0].inputs.RADIUS: there is no such input (Step)",
            "LAYERS[0].inputs.INPUT: its host may not be reached (Step)",
            "LAYERS[0].inputs.DISTANCE: must be a number (got a string) (Step)",
            "LAYERS[1].inputs.INPUT.inputs.INPUT: a value is required (Step)",
            "LAYERS[1].inputs.DISTANCE.inputs.FIELD: no such field (Step)",
            "outputs.OUT: there is no such output (NoSuchOutput)",
        ], ignoreOrder: true);
        (await _bench.Jobs.ListAsync(new JobFilter { Limit = 10 }, JobBench.None)).Jobs.ShouldBeEmpty();
        (await _bench.KeysAsync()).ShouldBeEmpty();
    }

    private static string Buffer(string name, string? input) =>
        """{"process": "native:buffer", "inputs": {"DISTANCE": NAME, "INPUT": VALUE}}""".Replace("NAME", name, StringComparison.Ordinal)
            .Replace("VALUE", input ?? """{"href": "http://a/b"}""", StringComparison.Ordinal);

    private static string Merge(params string[] layers) =>
        """{"inputs": {"LAYERS": [VALUES]}}""".Replace("VALUES", string.Join(',', layers), StringComparison.Ordinal);

    private static string ResultOf(JobId job) => """{"href": "/jobs/ID/results/OUTPUT"}""".Replace("ID", job.Value, StringComparison.Ordinal);

    private static string NameOf(Job job) =>
        JsonElement.Parse(job.Request.Json).GetProperty("inputs").TryGetProperty("DISTANCE", out var name) ? name.GetRawText() : job.ProcessId;

    private TaskCompletionSource<RunOutcome> EndOf(string name) => _ends.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task StartedAsync(params string[] names)
    {
        foreach (var _ in names)
        {
            (await _started.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBeTrue();
        }

        _runs.Keys.Intersect(names).ShouldBe(names, ignoreOrder: true);
    }

    /// <summary>Ends a step, as soon as it runs, with a result in the blob store.</summary>
    private async Task SucceedAsync(string name, string file = "OUTPUT.tif", string mediaType = "image/tiff", bool withSidecar = false)
    {
        await UntilAsync(() => Task.FromResult(_runs.ContainsKey(name)));
        var job = _runs[name].Job;
        string[] files = withSidecar ? [file, "beside.xsd"] : [file];
        var keys = files.Select(one => JobKeys.Output(job.Id, job.Attempt, one)).ToArray();
        foreach (var key in keys)
        {
            await _bench.PutAsync(key);
        }

        Sidecar[] sidecars = withSidecar ? [new Sidecar("beside.xsd", keys[1], "text/xml", 1)] : [];
        EndOf(name).SetResult(new RunOutcome.Succeeded([new OutputValue.Content("OUTPUT", keys[0], mediaType, file, 1, sidecars)]));
    }

    private async Task<(JobId Id, Task<ExecuteOutcome> Outcome)> ExecuteAsync(string process, string json, ExecuteMode mode = ExecuteMode.Sync)
    {
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var id = JobId.New(_bench.Clock.GetUtcNow());
        var call = new ExecuteCall(process, new RequestBody(id, JsonElement.Parse(json), [], ""), mode, null, null, Bound.Base, null);
        var outcome = _bench.Execute.ExecuteAsync(call, JobBench.None);
        if (mode == ExecuteMode.Async)
        {
            await outcome;
        }

        return (id, outcome.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static async Task<JobFailure?> FailureAsync((JobId Id, Task<ExecuteOutcome> Outcome) call) =>
        ((await call.Outcome).ShouldBeOfType<ExecuteOutcome.Ended>().Job.State as JobState.Failed)?.Failure;

    private async Task<Job[]> StepsAsync(JobId chain) => [.. (await _bench.Jobs.ListAsync(new JobFilter { Parent = chain, Limit = 10 }, JobBench.None)).Jobs];

    private async Task<double> FirstProgressAsync(JobId id)
    {
        await foreach (var happening in _bench.Events.WatchAsync(id, JobBench.None))
        {
            if (happening is JobEvent.Progressed(_, var percent))
            {
                return percent;
            }
        }

        throw new InvalidOperationException("It told none.");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var patience = DateTime.UtcNow.AddSeconds(60);
        while (!await condition())
        {
            (DateTime.UtcNow < patience).ShouldBeTrue("in vain");
            await Task.Delay(10);
        }
    }
}
