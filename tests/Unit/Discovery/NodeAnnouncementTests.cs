using GeoWps.Application;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Nodes;
using GeoWps.Tests.Unit.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Discovery;

public sealed class NodeAnnouncementTests
{
    private readonly Recorder _registry = new();
    private readonly Readiness _readiness;
    private readonly NodeAnnouncement _announcement;

    public NodeAnnouncementTests()
    {
        _readiness = new Readiness(new ProcessCatalogues([new FakeProcesses()]));
        _announcement = new NodeAnnouncement(
            _registry, new ThisNode("1", "a", new Uri("http://a/"), ["tiles", "files"], "0.1.0"), new Offer(), _readiness, Options.Create(new NodeOptions()), TimeProvider.System,
            NullLogger<NodeAnnouncement>.Instance);
        _registry.OnEnd = () => _registry.Seen.Add(_readiness switch
        {
            { IsDraining: true } => "ends while it drains",
            { IsReady: true } => "ends while it asks for work",
            _ => "ends while it still does what comes",
        });
    }

    [Fact]
    public async Task A_node_is_announced_when_it_is_ready_and_ends_before_it_refuses_work()
    {
        await _announcement.StartedAsync(CancellationToken.None);
        await _registry.Announced.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await _announcement.StoppingAsync(CancellationToken.None);

        _registry.Seen.ShouldBe(["a at http://a/ with tiles", "ends while it still does what comes"]);
        _readiness.IsLeaving.ShouldBeTrue();
        _readiness.IsDraining.ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_that_never_was_ready_is_never_announced()
    {
        _readiness.Drain();
        await _announcement.StartedAsync(CancellationToken.None);
        await Task.Delay(250);

        await _announcement.StoppingAsync(CancellationToken.None);

        _registry.Seen.ShouldBeEmpty();
    }

    // Files may be offered, but there is nothing of them.
    private sealed class Offer : INodeOffer
    {
        public NodeOffer Current { get; } = new("1", "a", "0.1.0", [new ServiceOffer("core", []), new ServiceOffer("tiles", [])], []);
    }

    private sealed class Recorder : INodeRegistry, IAsyncDisposable
    {
        public List<string> Seen { get; } = [];

        public TaskCompletionSource Announced { get; } = new();

        public Action OnEnd { get; set; } = () => { };

        public Task<IAsyncDisposable> AnnounceAsync(NodeEntry self, CancellationToken cancellationToken)
        {
            Seen.Add($"{self.Name} at {self.Address} with {string.Join(',', self.Services)}");
            Announced.SetResult();
            return Task.FromResult<IAsyncDisposable>(this);
        }

        public IAsyncEnumerable<IReadOnlyList<NodeEntry>> WatchAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            OnEnd();
            return ValueTask.CompletedTask;
        }
    }
}
