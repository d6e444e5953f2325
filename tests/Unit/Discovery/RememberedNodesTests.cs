using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GeoWps.Adapters.Discovery;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Discovery;

public sealed class RememberedNodesTests : IDisposable
{
    private static readonly NodeEntry A = new("1", "a", new Uri("http://10.0.0.1:8080/"), ["tiles", "files"]) { Version = "0.1.0" };
    private static readonly NodeEntry B = new("2", "b", new Uri("https://b.example/"), []);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_registry_said_last_is_given_after_a_restart_while_it_is_away()
    {
        var registry = new Scripted();
        registry.Say(A);
        registry.Say(A, B);
        await using (var before = new Watcher(Open(registry)))
        {
            await before.UntilNamesAsync("a", "b");
        }

        var away = new Scripted();
        await using var after = new Watcher(Open(away));
        var nodes = await after.UntilNamesAsync("a", "b");

        (nodes[0] with { Services = A.Services }).ShouldBe(A);
        nodes[0].Services.ShouldBe(A.Services);
        away.Say(B);
        await after.UntilNamesAsync("b");
    }

    [Fact]
    public async Task What_equals_what_was_remembered_is_not_given_twice()
    {
        var registry = new Scripted();
        registry.Say(A);
        await using (var before = new Watcher(Open(registry)))
        {
            await before.UntilNamesAsync("a");
        }

        var away = new Scripted();
        await using var after = new Watcher(Open(away));
        await after.UntilNamesAsync("a");
        away.Say(A);
        await Task.Delay(100);

        after.IsStill.ShouldBeTrue();
    }

    [Fact]
    public async Task That_there_is_none_is_passed_on_and_not_kept()
    {
        var registry = new Scripted();
        registry.Say(A);
        registry.Say();
        await using (var before = new Watcher(Open(registry)))
        {
            await before.UntilNamesAsync();
        }

        await using var after = new Watcher(Open(new Scripted()));
        await after.UntilNamesAsync("a");
    }

    [Fact]
    public async Task Who_wants_one_list_takes_it_and_goes()
    {
        var registry = new Scripted();
        registry.Say(A);

        await foreach (var nodes in Open(registry).WatchAsync(CancellationToken.None))
        {
            nodes.Single().Name.ShouldBe("a");
            break;
        }

        await foreach (var nodes in Open(new Scripted()).WatchAsync(CancellationToken.None))
        {
            nodes.Single().Name.ShouldBe("a");
            break;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("[{\"id\": \"1\"}]")]
    [InlineData("[null]")]
    public async Task A_file_that_is_no_list_is_as_good_as_none(string content)
    {
        await File.WriteAllTextAsync(_folder["nodes.json"], content);
        var registry = new Scripted();
        await using var watcher = new Watcher(Open(registry));
        await Task.Delay(500);
        watcher.IsStill.ShouldBeTrue();

        registry.Say(A);

        await watcher.UntilNamesAsync("a");
    }

    private RememberedNodes Open(INodeRegistry registry) => new(registry, new NodesFile(_folder["nodes.json"], NullLogger<NodesFile>.Instance), TimeProvider.System, NullLogger<RememberedNodes>.Instance);

    private sealed class Scripted : INodeRegistry
    {
        private readonly Channel<IReadOnlyList<NodeEntry>> _answers = Channel.CreateUnbounded<IReadOnlyList<NodeEntry>>();

        public void Say(params NodeEntry[] nodes) => _answers.Writer.TryWrite(nodes);

        public Task<IAsyncDisposable> AnnounceAsync(NodeEntry self, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async IAsyncEnumerable<IReadOnlyList<NodeEntry>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var answer in _answers.Reader.ReadAllAsync(cancellationToken))
            {
                yield return answer;
            }
        }
    }
}
