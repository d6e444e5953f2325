using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Discovery;

/// <summary>What every <see cref="INodeRegistry"/> does.</summary>
public abstract class NodeRegistryContract : IAsyncLifetime
{
    internal abstract INodeRegistry Registry { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    internal virtual Task<IAsyncDisposable> AnnounceAsync(NodeDouble node) => Registry.AnnounceAsync(node.Entry, CancellationToken.None);

    internal virtual string IdOf(NodeDouble node) => node.Entry.Id;

    /// <summary>Nobody can reach it, from now on.</summary>
    internal abstract Task TakeAwayAsync();

    internal abstract Task BringBackAsync();

    [Fact]
    public async Task Who_watches_a_registry_without_nodes_is_told_so()
    {
        await using var watcher = new Watcher(Registry);

        await watcher.UntilNamesAsync();
    }

    [Fact]
    public async Task A_node_that_is_announced_is_seen_by_all_as_it_is()
    {
        await using var node = await NodeDouble.StartAsync("a", "processes", "files");
        await using var first = new Watcher(Registry);
        await using var second = new Watcher(Registry);
        await first.UntilNamesAsync();

        await using var announced = await AnnounceAsync(node);

        await using var late = new Watcher(Registry);
        foreach (var watcher in new[] { first, second, late })
        {
            await watcher.UntilNamesAsync("a");
            var seen = (await watcher.UntilAsync(nodes => nodes.Single().Services.Count > 0)).Single();
            (seen.Id, seen.Address, seen.Version).ShouldBe((IdOf(node), node.Entry.Address, "1.2.3"));
            seen.Services.ShouldBe(["processes", "files"]);
        }
    }

    [Fact]
    public async Task A_node_that_ends_is_gone_for_all()
    {
        await using var node = await NodeDouble.StartAsync("a", "tiles");
        await using var other = await NodeDouble.StartAsync("b", "tiles");
        await using var staying = await AnnounceAsync(other);
        var announced = await AnnounceAsync(node);
        await using var first = new Watcher(Registry);
        await using var second = new Watcher(Registry);
        await first.UntilNamesAsync("a", "b");
        await second.UntilNamesAsync("a", "b");

        await announced.DisposeAsync();

        await first.UntilNamesAsync("b");
        await second.UntilNamesAsync("b");
    }

    [Fact]
    public async Task Ending_twice_is_ending_once()
    {
        await using var node = await NodeDouble.StartAsync("a");
        var announced = await AnnounceAsync(node);

        await announced.DisposeAsync();
        await announced.DisposeAsync();

        await using var watcher = new Watcher(Registry);
        await watcher.UntilNamesAsync();
    }

    [Fact]
    public async Task Nodes_come_by_name_whoever_was_first()
    {
        await using var b = await NodeDouble.StartAsync("b");
        await using var c = await NodeDouble.StartAsync("c");
        await using var a = await NodeDouble.StartAsync("a");
        await using var watcher = new Watcher(Registry);

        await using var first = await AnnounceAsync(b);
        await watcher.UntilNamesAsync("b");
        await using var second = await AnnounceAsync(c);
        await watcher.UntilNamesAsync("b", "c");
        await using var third = await AnnounceAsync(a);
        await watcher.UntilNamesAsync("a", "b", "c");
    }

    [Fact]
    public async Task While_it_is_away_nothing_changes_and_afterwards_all_are_there_again()
    {
        await using var node = await NodeDouble.StartAsync("a", "tiles");
        await using var announced = await AnnounceAsync(node);
        await using var watcher = new Watcher(Registry);
        await watcher.UntilAsync(nodes => nodes is [{ Name: "a", Services: ["tiles"] }]);

        await TakeAwayAsync();
        await Task.Delay(400);
        watcher.IsStill.ShouldBeTrue();
        await BringBackAsync();

        await using var fresh = new Watcher(Registry);
        await fresh.UntilNamesAsync("a");
        await using var other = await NodeDouble.StartAsync("b", "tiles");
        await using var more = await AnnounceAsync(other);
        await watcher.UntilNamesAsync("a", "b");
    }

    [Fact]
    public async Task What_is_announced_while_it_is_away_is_known_when_it_is_back()
    {
        await using var node = await NodeDouble.StartAsync("a");
        await using var watcher = new Watcher(Registry);
        await watcher.UntilNamesAsync();
        await TakeAwayAsync();

        await using var announced = await AnnounceAsync(node);
        watcher.IsStill.ShouldBeTrue();
        await BringBackAsync();

        await watcher.UntilNamesAsync("a");
    }

    [Fact]
    public async Task A_node_can_end_while_it_is_away()
    {
        await using var node = await NodeDouble.StartAsync("a");
        var announced = await AnnounceAsync(node);
        await TakeAwayAsync();

        await announced.DisposeAsync();

        await BringBackAsync();
    }

    [Fact]
    public async Task A_watch_ends_by_cancellation_also_while_it_is_away()
    {
        await TakeAwayAsync();
        var watcher = new Watcher(Registry);
        await Task.Delay(50);

        await watcher.DisposeAsync();

        await BringBackAsync();
    }
}
