using GeoWps.Application.Jobs;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Elsewhere;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Processes.Elsewhere;

public sealed class RemoteProcessesTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeRunners _runners = new();

    [Fact]
    public void What_a_node_has_itself_goes_before_and_the_highest_version_of_others()
    {
        var own = new FakeProvider(Named("p", "1"), "test");
        var remote = new RemoteProcesses([_runners]);
        var catalogues = new ProcessCatalogues([own, remote]);
        remote.Take([
            new Runner("a", [new RunnerLane("test", FakeProvider.Make("x", Named("p", "9"), Named("q", "1"))), new RunnerLane("chain", null)]),
            new Runner("b", [new RunnerLane("qgis", FakeProvider.Make("y", Named("q", "2"), Named("r", "1")))]),
        ]);

        catalogues.Current.Processes.Values.Select(process => (process.Id, process.Version)).ShouldBe([("p", "1"), ("q", "2"), ("r", "1")], ignoreOrder: true);
        catalogues.Find("p")!.Value.Provider.ShouldBe(own);
        var q = catalogues.Find("q")!.Value;
        (q.Provider.IsElsewhere, q.Provider.LaneOf(q.Process)).ShouldBe((true, "qgis"));
    }

    [Fact]
    public void Nodes_that_offer_the_same_come_and_go_without_a_change()
    {
        var remote = new RemoteProcesses([_runners]);
        var catalogue = FakeProvider.Make("x", Named("p", "1"));
        remote.Take([new Runner("a", [new RunnerLane("test", catalogue)])]);
        var before = remote.Catalogue;

        remote.Take([new Runner("a", [new RunnerLane("test", catalogue)]), new Runner("b", [new RunnerLane("test", catalogue)])]);
        remote.Catalogue.ShouldBeSameAs(before);
        remote.Take([]);
        remote.Catalogue.Processes.ShouldBeEmpty();
        remote.Catalogue.Version.ShouldBe(ProcessCatalogue.Empty.Version);
    }

    [Fact]
    public async Task Who_has_the_process_says_what_is_wrong_and_without_an_answer_the_run_will()
    {
        var remote = new RemoteProcesses([_runners]);
        remote.Take([new Runner("a", [new RunnerLane("qgis", FakeProvider.Make("x", Named("p", "1")))])]);
        var request = new ExecuteRequest { Inputs = new Dictionary<string, IReadOnlyList<InputValue>>() };

        (await remote.CheckAsync(Named("p", "1"), request, None)).ShouldBeEmpty();
        _runners.Answered = [new Mistake("A", "no")];
        (await remote.CheckAsync(Named("p", "1"), request, None)).ShouldBe(_runners.Answered);
        _runners.Asked.ShouldBe(("qgis", "p"));
    }

    [Theory]
    [InlineData("processes", true, false)]
    [InlineData("tiles", false, true)]
    [InlineData("processes,tiles", true, true)]
    [InlineData("records", false, false)]
    public void In_a_cluster_a_node_works_for_its_own_services(string services, bool processes, bool tiles)
    {
        using var bench = new JobBench();
        var node = new ThisNode("1", "n", null, services.Split(','), "1");
        var shared = new NodeLanes(node, new FlakyJobs(bench.Jobs) { IsShared = true }, [new LeftToOthers(["left"])]);
        var alone = new NodeLanes(node, bench.Jobs, []);

        shared.WorksIn(new FakeProvider(Named("p", "1"))).ShouldBe(processes);
        shared.WorksIn(new OfTiles(Named("p", "1"))).ShouldBe(tiles);
        shared.WorksIn(new FakeProvider(Named("p", "1"), "left")).ShouldBeFalse();
        shared.WorksIn(new RemoteProcesses([_runners])).ShouldBeFalse();
        alone.WorksIn(new FakeProvider(Named("p", "1"))).ShouldBeTrue();
        alone.WorksIn(new OfTiles(Named("p", "1"))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_job_of_another_nodes_process_waits_in_its_lane_though_a_place_is_free_here()
    {
        using var bench = new JobBench();
        var remote = new RemoteProcesses([_runners]);
        remote.Take([new Runner("a", [new RunnerLane("test", FakeProvider.Make("x", Named("q", "1")))])]);
        var catalogues = new ProcessCatalogues([bench.Provider, remote]);
        var chains = new Application.Processes.Chains.ChainReader(catalogues, Microsoft.Extensions.Options.Options.Create(new RequestLimits()), bench.Clock);
        var callbacks = new Application.Jobs.Callbacks.CallbackSender(
            bench.Outbox, bench.Far, bench.Far, bench.Jobs, bench.Events, new FakeWeb(), Microsoft.Extensions.Options.Options.Create(new Application.Jobs.Callbacks.CallbackOptions()), bench.Clock,
            NullLogger<Application.Jobs.Callbacks.CallbackSender>.Instance);
        var execute = new ExecuteProcess(
            new ValidateRequest(catalogues, bench.Binder, chains, bench.Jobs, Microsoft.Extensions.Options.Options.Create(new Application.Layers.LayersOptions())),
            bench.Jobs, bench.Blobs, bench.Events, bench.Worker, bench.Readiness, bench.Dismiss, callbacks, bench.Remembered, bench.Settings);
        var call = new ExecuteCall("q", new RequestBody(JobId.New(bench.Clock.GetUtcNow()), System.Text.Json.JsonElement.Parse("""{"inputs": {}}"""), [], ""), ExecuteMode.Async, null, null, Bound.Base, null);

        var started = (await execute.ExecuteAsync(call, None)).ShouldBeOfType<ExecuteOutcome.Started>();

        (started.Job.Lane, started.Job.State.Status).ShouldBe(("test", JobStatus.Accepted));
        bench.Worker.TryReserve("test").ShouldNotBeNull();
    }

    private static ProcessDescription Named(string id, string version) => Bound.Process() with { Id = id, Version = version };

    private sealed class OfTiles(ProcessDescription process) : IProcessProvider
    {
        public string Lane => "tiles";

        public int Concurrency => 1;

        public IReadOnlyList<string> Services => [NodeServices.Tiles];

        public ProcessCatalogue Catalogue { get; } = FakeProvider.Make("1", process);

        public ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
