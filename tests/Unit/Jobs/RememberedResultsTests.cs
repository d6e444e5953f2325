using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Recall;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Processes;

namespace GeoWps.Tests.Unit.Jobs;

public sealed class RememberedResultsTests : IAsyncLifetime
{
    private static readonly AgeWish _anHour = new(TimeSpan.FromHours(1), NoRecall: false, NoStore: false);

    private readonly JobBench _bench = new();
    private int _runs;

    public RememberedResultsTests()
    {
        Offer(Remembering.Always);
        _bench.Provider.OnRun = async (run, _) =>
        {
            var number = Interlocked.Increment(ref _runs);
            string Key(string name) => JobKeys.Output(run.Job.Id, run.Job.Attempt, name);
            await _bench.PutAsync(Key("a.gml"));
            await _bench.PutAsync(Key("a.xsd"));
            return new RunOutcome.Succeeded(
            [
                new OutputValue.Content("VECTOR", Key("a.gml"), "text/xml", "a.gml", 1, [new Sidecar("a.xsd", Key("a.xsd"), "text/xml", 1)]),
                new OutputValue.Literal("COUNT", JsonElement.Parse($"{number}")),
            ]);
        };
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.Worker.StoppingAsync(JobBench.None);
        _bench.Dispose();
    }

    [Fact]
    public async Task Who_says_that_an_older_result_will_do_is_answered_with_it()
    {
        var first = await ExecuteAsync();

        var second = await ExecuteAsync(_anHour);

        _runs.ShouldBe(1);
        second.Id.ShouldNotBe(first.Id);
        second.State.Status.ShouldBe(JobStatus.Successful);
        second.DerivedFrom.ShouldBe(first.Id);
        second.Message.ShouldBe($"Answered from the results of job {first.Id}");
        second.Outputs.OfType<OutputValue.Literal>().Single().Json.GetInt32().ShouldBe(1);
        (await _bench.KeysAsync(second.Id)).ShouldBe(["1/a.gml", "1/a.xsd"]);
    }

    [Fact]
    public async Task Who_says_nothing_has_it_run_unless_the_operator_wants_otherwise()
    {
        await ExecuteAsync();
        (await ExecuteAsync()).DerivedFrom.ShouldBeNull();
        _runs.ShouldBe(2);

        _bench.Results.Remember = Remembering.Always;
        (await ExecuteAsync()).DerivedFrom.ShouldNotBeNull();
        _runs.ShouldBe(2);
    }

    [Fact]
    public async Task An_operator_may_want_nothing_remembered()
    {
        _bench.Results.Remember = Remembering.Never;
        await ExecuteAsync();
        (await ExecuteAsync(_anHour)).DerivedFrom.ShouldBeNull();

        _bench.Results.Remember = Remembering.Always;
        (await ExecuteAsync(_anHour)).DerivedFrom.ShouldBeNull("what was made then is not found now");
    }

    [Fact]
    public async Task A_process_of_chance_is_repeated_only_for_who_asks()
    {
        _bench.Results.Remember = Remembering.Always;
        Offer(Remembering.Asked);
        await ExecuteAsync();

        (await ExecuteAsync()).DerivedFrom.ShouldBeNull();
        (await ExecuteAsync(_anHour)).DerivedFrom.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("now()")]
    [InlineData("\\\"a\\\" + RandF (1, 2)")]
    [InlineData("uuid()")]
    public async Task An_expression_of_time_or_chance_is_repeated_only_for_who_asks(string text)
    {
        _bench.Results.Remember = Remembering.Always;
        await ExecuteAsync(value: text);

        (await ExecuteAsync(value: text)).DerivedFrom.ShouldBeNull();
        (await ExecuteAsync(_anHour, value: text)).DerivedFrom.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_process_that_is_not_remembered_is_not_remembered()
    {
        Offer(Remembering.Never);
        await ExecuteAsync();

        (await ExecuteAsync(_anHour)).DerivedFrom.ShouldBeNull();
    }

    [Fact]
    public async Task No_cache_makes_it_run_and_no_store_keeps_it_out_of_later_answers()
    {
        _bench.Results.Remember = Remembering.Always;
        var first = await ExecuteAsync(new AgeWish(null, NoRecall: true, NoStore: true));
        var second = await ExecuteAsync();
        second.DerivedFrom.ShouldBeNull();
        var third = await ExecuteAsync(new AgeWish(null, NoRecall: true, NoStore: false));
        third.DerivedFrom.ShouldBeNull();

        (await ExecuteAsync()).DerivedFrom.ShouldBe(third.Id);
        first.Id.ShouldNotBe(second.Id);
    }

    [Fact]
    public async Task What_is_too_old_will_not_do()
    {
        await ExecuteAsync();
        _bench.Clock.Advance(TimeSpan.FromMinutes(61));

        (await ExecuteAsync(_anHour)).DerivedFrom.ShouldBeNull();
        (await ExecuteAsync(new AgeWish(TimeSpan.MaxValue, false, false))).DerivedFrom.ShouldNotBeNull();
    }

    [Fact]
    public async Task Another_request_or_another_version_is_run()
    {
        await ExecuteAsync();
        (await ExecuteAsync(_anHour, value: "b")).DerivedFrom.ShouldBeNull();

        Offer(Remembering.Always, fingerprint: "2");
        (await ExecuteAsync(_anHour)).DerivedFrom.ShouldBeNull();
    }

    [Fact]
    public async Task Failures_are_not_remembered()
    {
        var run = _bench.Provider.OnRun;
        _bench.Provider.OnRun = (_, _) => Task.FromResult<RunOutcome>(new RunOutcome.Failed(new JobFailure(FailureKind.Algorithm, "no")));
        (await ExecuteAsync()).State.Status.ShouldBe(JobStatus.Failed);
        _bench.Provider.OnRun = run;

        (await ExecuteAsync(_anHour)).State.Status.ShouldBe(JobStatus.Successful);
        _runs.ShouldBe(1);
    }

    [Fact]
    public async Task The_subscriber_of_a_job_that_was_answered_is_told()
    {
        await ExecuteAsync();

        var told = await ExecuteAsync(_anHour, more: """, "subscriber": {"successUri": "http://public/done"}""");

        told.DerivedFrom.ShouldNotBeNull();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_bench.Far.Posted.IsEmpty)
        {
            await Task.Delay(10, patience.Token);
        }

        _bench.Far.Posted.ShouldHaveSingleItem().ShouldBe(("/done", "results"));
    }

    [Fact]
    public async Task Removing_one_job_takes_nothing_from_the_other_and_ends_what_is_remembered()
    {
        var first = await ExecuteAsync();
        var second = await ExecuteAsync(_anHour);

        await _bench.Dismiss.ExecuteAsync(first.Id, JobBench.Nobody, JobBench.None);

        (await _bench.KeysAsync(first.Id)).ShouldBeEmpty();
        (await _bench.KeysAsync(second.Id)).ShouldBe(["1/a.gml", "1/a.xsd"]);
        (await ExecuteAsync(_anHour)).DerivedFrom.ShouldBeNull();
        _runs.ShouldBe(2);
    }

    [Fact]
    public async Task What_went_while_it_was_copied_is_run_after_all()
    {
        var first = await ExecuteAsync();
        await _bench.Blobs.DeleteAsync(JobKeys.Output(first.Id, 1, "a.xsd"), JobBench.None);
        await _bench.Worker.StartAsync(JobBench.None);

        var second = await ExecuteAsync(_anHour);

        second.State.Status.ShouldBe(JobStatus.Successful);
        second.DerivedFrom.ShouldBeNull();
        _runs.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_is_repeated_gives_the_job_that_was_answered()
    {
        await ExecuteAsync();
        var second = await ExecuteAsync(_anHour, key: "k");

        (await ExecuteAsync(_anHour, key: "k")).Id.ShouldBe(second.Id);
    }

    private void Offer(Remembering remember, string fingerprint = "1") => _bench.Provider.Catalogue = FakeProvider.Make(
        fingerprint, Bound.Process(Bound.Input("A", """{"type": "string"}""", minOccurs: 1)) with { Remember = remember, Fingerprint = fingerprint });

    private async Task<Job> ExecuteAsync(AgeWish? age = null, string value = "a", string? key = null, string more = "")
    {
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var body = new RequestBody(
            JobId.New(_bench.Clock.GetUtcNow()), JsonElement.Parse($$$$"""{"inputs": {"A": "{{{{value}}}}"}{{{{more}}}}}"""), [], "digest");
        var call = new ExecuteCall("p", body, ExecuteMode.Sync, null, null, Bound.Base, key) { Age = age ?? AgeWish.Unsaid };
        return (await _bench.Execute.ExecuteAsync(call, JobBench.None)).ShouldBeOfType<ExecuteOutcome.Ended>().Job;
    }
}
