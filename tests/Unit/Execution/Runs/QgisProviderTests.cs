using System.Text.Json;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;
using GeoWps.Adapters.Execution.Runs;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Collections;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Execution.Runs;

public sealed class QgisProviderTests : IDisposable
{
    private readonly TemporaryFolder _work = new();
    private readonly StagingBench _bench = new();
    private readonly FakeWorkers _workers;
    private readonly QgisProcess _process = new ProcessMapping(new AlgorithmPolicy(trustsCallers: false, []), "3").Map(Described.Algorithm(
        "native:a", Described.Parameter("INPUT", "source"), Described.Parameter("DISTANCE", "distance"), Described.Destination("OUTPUT", "sink"))).Process.ShouldNotBeNull();

    public QgisProviderTests() => _workers = new FakeWorkers(_work.Root);

    public void Dispose()
    {
        _work.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_worker_gets_the_algorithm_its_values_and_what_is_wanted()
    {
        var outcome = await RunAsync(StagingBench.Inline("1.5"));

        outcome.ShouldBeOfType<RunOutcome.Succeeded>();
        var run = _workers.Runs.ShouldHaveSingleItem();
        (run.Algorithm, run.Trusted, run.Folder).ShouldBe(("native:a", false, _work[$"{_bench.Job.Id}-2"]));
        run.Parameters.ToJsonString().ShouldBe("""{"DISTANCE":{"v":1.5}}""");
        run.Outputs.ToJsonString().ShouldBe("""{"OUTPUT":{"mediaType":"application/geo\u002Bjson"}}""");
    }

    [Fact]
    public async Task What_the_worker_made_is_delivered_and_the_folder_is_gone()
    {
        _workers.OnRun = (run, _) =>
        {
            Directory.CreateDirectory(Path.Combine(run.Folder, "outputs"));
            File.WriteAllText(Path.Combine(run.Folder, "outputs/OUTPUT.geojson"), FakeFormats.Collection);
            return Task.FromResult<WorkerOutcome>(new WorkerOutcome.Done(
                JsonElement.Parse("""{"OUTPUT": {"path": "outputs/OUTPUT.geojson", "mediaType": "application/geo+json"}}""")));
        };

        var outcome = await RunAsync(StagingBench.Inline("1"));

        outcome.ShouldBeOfType<RunOutcome.Succeeded>().Outputs.ShouldHaveSingleItem().ShouldBeOfType<OutputValue.Literal>().Json.GetRawText().ShouldBe(FakeFormats.Collection);
        Directory.EnumerateFileSystemEntries(_work.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task Data_that_can_not_be_used_is_refused_before_a_worker_is_asked()
    {
        var outcome = await Provider().RunAsync(_bench.Run(_process, ("INPUT", [StagingBench.Link("http://example.org/gone")])), default);

        outcome.ShouldBeOfType<RunOutcome.Refused>().Mistakes.ShouldBe([new Mistake("INPUT", "is not to be had")]);
        _workers.Runs.ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(_work.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_ends_otherwise_is_told_apart()
    {
        var failure = new JobFailure(FailureKind.Input, "no");
        var mistakes = new[] { new Mistake("INPUT", "no") };

        (await RunAsync(new WorkerOutcome.Refused(mistakes))).ShouldBeOfType<RunOutcome.Refused>().Mistakes.ShouldBe(mistakes);
        (await RunAsync(new WorkerOutcome.Failed(failure))).ShouldBe(new RunOutcome.Failed(failure));
        (await RunAsync(new WorkerOutcome.Lost(failure))).ShouldBe(new RunOutcome.Lost(failure));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_leaves_no_folder()
    {
        using var cancelling = new CancellationTokenSource();
        _workers.OnRun = async (run, token) =>
        {
            Directory.Exists(run.Folder).ShouldBeTrue();
            await cancelling.CancelAsync();
            token.ThrowIfCancellationRequested();
            throw new InvalidOperationException("The token was not passed on.");
        };

        await Should.ThrowAsync<OperationCanceledException>(Provider().RunAsync(_bench.Run(_process, ("DISTANCE", [StagingBench.Inline("1")])), cancelling.Token));

        Directory.EnumerateFileSystemEntries(_work.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_is_gone_fails_its_job_and_has_no_checks()
    {
        var provider = Provider(new FakeCatalogue(null));
        var run = _bench.Run(_process);

        (await provider.RunAsync(run, default)).ShouldBeOfType<RunOutcome.Failed>().Failure.Message.ShouldContain("native:a");
        (await provider.CheckAsync(_process.Description, run.Request, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_strangers_may_not_say_is_a_mistake_of_the_request()
    {
        var run = _bench.Run(_process, ("DISTANCE", [StagingBench.Inline("""{"type": "data-defined", "expression": "1"}""")]));

        (await Provider().CheckAsync(_process.Description, run.Request, default)).ShouldHaveSingleItem().Place.ShouldBe("DISTANCE");
    }

    private Task<RunOutcome> RunAsync(WorkerOutcome outcome)
    {
        _workers.OnRun = (_, _) => Task.FromResult(outcome);
        return RunAsync(StagingBench.Inline("1"));
    }

    private Task<RunOutcome> RunAsync(InputValue distance) => Provider().RunAsync(_bench.Run(_process, ("DISTANCE", [distance])), CancellationToken.None);

    private QgisProvider Provider(IQgisCatalogue? catalogue = null)
    {
        var security = Options.Create(new SecurityOptions());
        var limits = Options.Create(new RequestLimits());
        var reader = new InputReader(_bench.Blobs, _bench.Jobs, _bench.Web, new RemoteCollections(_bench.Web), limits);
        var checks = new RequestChecks(_workers, security, NullLogger<RequestChecks>.Instance);
        var staging = new RunStaging(reader, new LiteralReader(reader), _bench.Formats, checks, limits);
        return new QgisProvider(catalogue ?? new FakeCatalogue(_process), _workers, checks, staging, new ResultDelivery(_bench.Blobs, _bench.Formats), security);
    }

    private sealed class FakeCatalogue(QgisProcess? process) : IQgisCatalogue
    {
        public ProcessCatalogue Current => ProcessCatalogue.Empty;

        public QgisProcess? Find(string id) => id == process?.Algorithm.Id ? process : null;
    }
}
