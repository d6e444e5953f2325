using GeoWps.Adapters.Discovery;
using GeoWps.Adapters.Discovery.Consul;
using GeoWps.Application.Ports;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Discovery;

public sealed class ConsulNodesTests : NodeRegistryContract
{
    private readonly ConsulDouble _consul = new();
    private readonly List<ConsulClient> _clients = [];
    private ConsulNodes _nodes = null!;

    internal override INodeRegistry Registry => _nodes;

    public override async Task InitializeAsync()
    {
        await _consul.StartAsync();
        _nodes = Open(new ConsulOptions());
    }

    public override async Task DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _consul.DisposeAsync();
    }

    internal override Task TakeAwayAsync() => _consul.StopAsync(forget: true);

    internal override Task BringBackAsync() => _consul.StartAsync();

    [Fact]
    public async Task A_node_is_known_only_while_its_check_passes()
    {
        await using var node = await NodeDouble.StartAsync("a");
        var nodes = Open(new ConsulOptions { IntervalSeconds = 1 });
        await using var watcher = new Watcher(nodes);
        await using var announced = await nodes.AnnounceAsync(node.Entry, CancellationToken.None);
        await watcher.UntilNamesAsync("a");

        node.IsReady = false;
        await watcher.UntilNamesAsync();
        node.IsReady = true;
        await watcher.UntilNamesAsync("a");
    }

    [Fact]
    public async Task An_earlier_run_of_the_node_that_was_killed_goes_when_it_is_back()
    {
        await using var node = await NodeDouble.StartAsync("a");
        await using var killed = await Open(new ConsulOptions(), TimeSpan.FromMinutes(1)).AnnounceAsync(node.Entry with { Id = "earlier" }, CancellationToken.None);
        _consul.Ids.ShouldBe(["earlier"]);

        await using var announced = await _nodes.AnnounceAsync(node.Entry with { Id = "later" }, CancellationToken.None);

        _consul.Ids.ShouldBe(["later"]);
    }

    [Fact]
    public async Task An_agent_that_comes_back_without_its_nodes_loses_none_of_those_that_are_there_and_forgets_the_others()
    {
        await using var here = await NodeDouble.StartAsync("a");
        await using var left = await NodeDouble.StartAsync("b");
        await using var announced = await _nodes.AnnounceAsync(here.Entry, CancellationToken.None);
        var leaving = await _nodes.AnnounceAsync(left.Entry, CancellationToken.None);
        await using var watcher = new Watcher(_nodes);
        await watcher.UntilNamesAsync("a", "b");

        await _consul.StopAsync(forget: true);
        await leaving.DisposeAsync();
        await _consul.StartAsync();

        // The next list is of who is left: there was none without it.
        (await watcher.UntilAsync(nodes => nodes.Count != 2)).Single().Name.ShouldBe("a");
    }

    [Fact]
    public async Task Who_starts_while_the_agent_is_away_loses_no_node_that_it_has_forgotten()
    {
        using var folder = new TemporaryFolder();
        var file = new NodesFile(folder["nodes.json"], NullLogger<NodesFile>.Instance);
        await using var node = await NodeDouble.StartAsync("a");
        await file.KeepAsync([node.Entry, node.Entry with { Id = "gone", Name = "b", Address = new Uri("http://127.0.0.1:1/") }], CancellationToken.None);
        await _consul.StopAsync(forget: true);
        var started = new RememberedNodes(Open(new ConsulOptions(), TimeSpan.FromSeconds(1), file), file, TimeProvider.System, NullLogger<RememberedNodes>.Instance);
        await using var watcher = new Watcher(started);
        await watcher.UntilNamesAsync("a", "b");

        var asked = _consul.Questions.Count;
        await _consul.StartAsync();
        await EventuallyAsync(() => _consul.Questions.Count > asked);
        await using var announced = await _nodes.AnnounceAsync(node.Entry, CancellationToken.None);

        // The next list is of who is there: there was none without it.
        (await watcher.UntilAsync(nodes => nodes.Count != 2)).Single().Name.ShouldBe("a");
    }

    [Fact]
    public async Task A_question_waits_for_what_is_newer_than_the_last_answer()
    {
        await using var watcher = new Watcher(_nodes);
        await watcher.UntilNamesAsync();
        _consul.Touch();
        await EventuallyAsync(() => _consul.Questions.Count == 3);

        _consul.Questions.Select(question => question.Index).ShouldBe([0UL, 100, 101]);
        _consul.Questions.ShouldAllBe(question => question.Query.Contains("passing=") && question.Query.Contains("wait=55000ms"));
        watcher.IsStill.ShouldBeTrue();
    }

    [Fact]
    public async Task An_index_that_goes_backwards_begins_anew_and_one_of_zero_is_one()
    {
        _consul.FalseIndexes.Enqueue(500);
        _consul.FalseIndexes.Enqueue(7);
        _consul.FalseIndexes.Enqueue(0);
        await using var watcher = new Watcher(_nodes);
        await watcher.UntilNamesAsync();
        await EventuallyAsync(() => _consul.Questions.Count == 2);
        _consul.Touch();

        await EventuallyAsync(() => _consul.Questions.Count >= 4);

        // 500, then 7 is less: 0, which is answered by 0: 1.
        _consul.Questions.Take(4).Select(question => question.Index).ShouldBe([0UL, 500, 0, 1]);
    }

    [Fact]
    public async Task Datacentre_and_token_are_sent_and_a_refusal_is_tried_again()
    {
        await using var guarded = new ConsulDouble("secret");
        await guarded.StartAsync();
        await using var node = await NodeDouble.StartAsync("a");
        var refused = Open(new ConsulOptions { Address = guarded.Address, Token = "wrong" });
        var allowed = Open(new ConsulOptions { Address = guarded.Address, Token = "secret", Datacenter = "dc1" });
        await using var announced = await refused.AnnounceAsync(node.Entry, CancellationToken.None);
        guarded.Ids.ShouldBeEmpty();

        await using var again = await allowed.AnnounceAsync(node.Entry, CancellationToken.None);
        await using var watcher = new Watcher(allowed);
        await watcher.UntilNamesAsync("a");

        guarded.Tokens.Distinct().Order().ShouldBe(["secret", "wrong"]);
        guarded.Questions.ShouldAllBe(question => question.Query.Contains("dc=dc1"));
    }

    [Fact]
    public async Task A_node_whose_check_fails_for_long_is_forgotten()
    {
        await using var node = await NodeDouble.StartAsync("a");
        var nodes = Open(new ConsulOptions { IntervalSeconds = 1, DeregisterAfterMinutes = 1 }, TimeSpan.FromMinutes(1));
        await using var announced = await nodes.AnnounceAsync(node.Entry, CancellationToken.None);

        node.IsReady = false;

        await EventuallyAsync(() => _consul.Ids.Count == 0);
    }

    private static async Task EventuallyAsync(Func<bool> holds)
    {
        for (var look = 0; !holds(); look++)
        {
            (look < 500).ShouldBeTrue("it does not come");
            await Task.Delay(20);
        }
    }

    private ConsulNodes Open(ConsulOptions options, TimeSpan? beat = null, NodesFile? remembered = null)
    {
        if (options.Address == new ConsulOptions().Address)
        {
            options.Address = _consul.Address;
        }

        var client = new ConsulClient(options, TimeSpan.FromSeconds(55), TimeProvider.System);
        _clients.Add(client);
        return new ConsulNodes(client, options, beat ?? TimeSpan.FromMilliseconds(200), TimeProvider.System, NullLogger<ConsulNodes>.Instance, remembered);
    }
}
