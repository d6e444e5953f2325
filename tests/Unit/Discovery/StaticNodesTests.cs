using GeoWps.Adapters.Discovery;
using GeoWps.Adapters.Discovery.Static;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Discovery;

public sealed class StaticNodesTests : NodeRegistryContract
{
    private readonly OfferReader _offers = new();
    private readonly List<string> _list = [];
    private ConfigurationReloadToken _change = new();
    private bool _isWrong;
    private StaticNodes _nodes = null!;

    internal override INodeRegistry Registry => _nodes;

    public override Task InitializeAsync()
    {
        _nodes = Open(TimeSpan.FromMinutes(1));
        return Task.CompletedTask;
    }

    public override Task DisposeAsync()
    {
        _offers.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Whoever administers writes it into the settings.</summary>
    internal override Task<IAsyncDisposable> AnnounceAsync(NodeDouble node)
    {
        var address = node.Entry.Address.AbsoluteUri;
        Change(() => _list.Add(address));
        return Task.FromResult<IAsyncDisposable>(new Listed(() => Change(() => _list.Remove(address))));
    }

    internal override string IdOf(NodeDouble node) => node.Entry.Address.AbsoluteUri;

    internal override Task TakeAwayAsync()
    {
        Change(() => _isWrong = true);
        return Task.CompletedTask;
    }

    internal override Task BringBackAsync()
    {
        Change(() => _isWrong = false);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_there_by_its_address_until_it_says_more_and_stays_what_it_said()
    {
        await using var node = await NodeDouble.StartAsync("a", "tiles");
        var address = node.Entry.Address;
        _list.Add("http://127.0.0.1:9/");
        _list.Add(address.ToString());
        await using var watcher = new Watcher(Open(TimeSpan.FromMilliseconds(100)));

        var nodes = await watcher.UntilAsync(nodes => nodes.Count == 2);
        nodes[0].ShouldSatisfyAllConditions(silent => silent.Name.ShouldBe("127.0.0.1:9"), silent => silent.Services.ShouldBeEmpty());
        nodes[1].ShouldSatisfyAllConditions(told => told.Name.ShouldBe("a"), told => told.Services.ShouldBe(["tiles"]));

        await node.DisposeAsync();
        await Task.Delay(400);
        watcher.IsStill.ShouldBeTrue();
    }

    [Fact]
    public async Task Announcing_changes_nothing()
    {
        await using var node = await NodeDouble.StartAsync("a");

        await using var announced = await _nodes.AnnounceAsync(node.Entry, CancellationToken.None);

        await using var watcher = new Watcher(_nodes);
        await watcher.UntilNamesAsync();
    }

    private StaticNodes Open(TimeSpan look) => new(Read, () => _change, _offers, look, TimeProvider.System, NullLogger<StaticNodes>.Instance);

    private DiscoveryOptions Read()
    {
        lock (_list)
        {
            return _isWrong ? throw new OptionsValidationException("Discovery", typeof(DiscoveryOptions), ["wrong"]) : new DiscoveryOptions { Nodes = [.. _list] };
        }
    }

    private void Change(Action change)
    {
        lock (_list)
        {
            change();
        }

        Interlocked.Exchange(ref _change, new ConfigurationReloadToken()).OnReload();
    }

    private sealed class Listed(Action remove) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            remove();
            return ValueTask.CompletedTask;
        }
    }
}
