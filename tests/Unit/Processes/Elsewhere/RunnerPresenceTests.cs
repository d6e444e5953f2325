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

public sealed class RunnerPresenceTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly JobBench _bench = new();
    private readonly FakeRunners _runners = new();
    private readonly RemoteProcesses _remote;
    private readonly ProcessCatalogues _catalogues;
    private readonly RunnerPresence _presence;

    public RunnerPresenceTests()
    {
        _remote = new RemoteProcesses([_runners]);
        _catalogues = new ProcessCatalogues([_bench.Provider, _remote]);
        var self = new ThisNode("1", "n", null, NodeServices.All, "1");
        _presence = new RunnerPresence(
            [_runners], _remote, _catalogues, new NodeLanes(self, new FlakyJobs(_bench.Jobs) { IsShared = true }, []), self, _bench.Events, _bench.Blobs, _bench.Settings, _bench.Clock,
            NullLogger<RunnerPresence>.Instance);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _presence.StoppingAsync(None);
        await _presence.StopAsync(None);
        await _presence.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task What_others_run_is_known_before_the_node_serves_and_when_it_changes()
    {
        _runners.Others = [Runner("q")];
        await _presence.StartingAsync(None);
        _catalogues.Find("q").ShouldNotBeNull();

        await _presence.StartAsync(None);
        _runners.Others = [Runner("r")];
        _runners.Hear();
        await EventuallyAsync(() => _catalogues.Find("r") is not null && _catalogues.Find("q") is null);
    }

    [Fact]
    public async Task What_this_node_runs_is_told_again_before_it_is_forgotten_and_at_once_when_it_changes()
    {
        await StartAsync();
        await EventuallyAsync(() => _runners.Told.Count == 1);
        _runners.Told.TryPeek(out var first);
        first!.Single().ShouldBe(new RunnerLane("test", _bench.Provider.Catalogue));

        _bench.Provider.Catalogue = FakeProvider.Make("2", Bound.Process() with { Id = "new" });
        await EventuallyAsync(() => _runners.Told.Count >= 2, TimeSpan.FromMilliseconds(250));
        await EventuallyAsync(() => _runners.Told.Count >= 3, _runners.Life / 3);
        _runners.Told.Last().Single().Catalogue!.Version.ShouldBe("2");
    }

    [Fact]
    public async Task While_the_store_is_away_what_was_known_stays_and_afterwards_others_have_time_to_come_back()
    {
        _runners.Others = [Runner("q")];
        await StartAsync();
        await EventuallyAsync(() => _runners.Told.Count == 1);

        _runners.IsAway = true;
        for (var i = 0; i < 10; i++)
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(5);
        }

        _catalogues.Find("q").ShouldNotBeNull();
        _runners.IsAway = false;
        await EventuallyAsync(() => _runners.Grace > _runners.Life, TimeSpan.FromMilliseconds(250));
        await EventuallyAsync(() => _runners.Grace == TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_question_is_answered_by_the_process_itself_and_only_where_it_runs()
    {
        _runners.Others = [Runner("q")];
        _bench.Provider.OnCheck = _ => [new Mistake("A", "no")];
        await StartAsync();

        _runners.Has!("test", "p").ShouldBeTrue();
        _runners.Has("other", "p").ShouldBeFalse();
        _runners.Has("test", "q").ShouldBeFalse();
        var request = new ExecuteRequest { Inputs = new Dictionary<string, IReadOnlyList<InputValue>>() };
        (await _runners.OnQuestion!(new RunnerQuestion("test", "p", request), None)).ShouldBe([new Mistake("A", "no")]);
    }

    [Fact]
    public async Task A_job_that_waited_in_vain_is_told_to_have_failed_and_its_request_goes()
    {
        var job = await _bench.AddAsync();
        await _bench.PutAsync(JobKeys.Attachment(job.Id, 0));
        var watch = _bench.UntilAsync(job.Id, JobStatus.Failed);
        var failed = job with { State = new JobState.Failed(null, job.Created, new JobFailure(FailureKind.Lost, "nobody")) };
        _runners.Unclaimed = new UnclaimedJobs(["p"], [failed]);
        await StartAsync();

        (await watch).Id.ShouldBe(job.Id);
        await EventuallyAsync(async () => (await _bench.KeysAsync(job.Id)).Length == 0);
    }

    [Fact]
    public async Task Who_stops_leaves()
    {
        await StartAsync();
        await _presence.StoppingAsync(None);
        _runners.HasLeft.ShouldBeTrue();
    }

    private static Runner Runner(string process) => new("a", [new RunnerLane("test", FakeProvider.Make(process, Bound.Process() with { Id = process }))]);

    private async Task StartAsync()
    {
        await _presence.StartingAsync(None);
        await _presence.StartAsync(None);
    }

    private Task EventuallyAsync(Func<bool> condition, TimeSpan? step = null) => EventuallyAsync(() => Task.FromResult(condition()), step);

    private async Task EventuallyAsync(Func<Task<bool>> condition, TimeSpan? step = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            if (step is { } time)
            {
                _bench.Clock.Advance(time);
            }

            await Task.Delay(2, patience.Token);
        }
    }
}
