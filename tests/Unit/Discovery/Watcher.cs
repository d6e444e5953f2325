using System.Threading.Channels;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;

namespace GeoWps.Tests.Unit.Discovery;

/// <summary>Watches a registry, as a gateway does.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    /// <summary>Far more than a push takes, and less than any poll of these tests.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly CancellationTokenSource _ending = new();
    private readonly Channel<IReadOnlyList<NodeEntry>> _lists = Channel.CreateUnbounded<IReadOnlyList<NodeEntry>>();
    private readonly Task _watching;

    public Watcher(INodeRegistry registry) => _watching = WatchAsync(registry);

    /// <summary>What was given last and has been looked at.</summary>
    public IReadOnlyList<NodeEntry>? Last { get; private set; }

    /// <summary>Takes lists until one is as wanted.</summary>
    public async Task<IReadOnlyList<NodeEntry>> UntilAsync(Func<IReadOnlyList<NodeEntry>, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Last is null || !wanted(Last))
        {
            try
            {
                Last = await _lists.Reader.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The last list was {(Last is null ? "none" : string.Join(", ", Last))}");
            }
        }

        return Last;
    }

    public Task<IReadOnlyList<NodeEntry>> UntilNamesAsync(params string[] names) => UntilAsync(nodes => nodes.Select(node => node.Name).SequenceEqual(names));

    /// <summary>Whether nothing new was given since the last look, and the watch goes on.</summary>
    public bool IsStill => !_lists.Reader.TryPeek(out _) && !_watching.IsCompleted;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        _ending.Dispose();
    }

    private async Task WatchAsync(INodeRegistry registry)
    {
        try
        {
            await foreach (var nodes in registry.WatchAsync(_ending.Token))
            {
                _lists.Writer.TryWrite(nodes);
            }

            _lists.Writer.Complete(new InvalidOperationException("The watch ended by itself."));
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // As it should.
        }
        catch (Exception error)
        {
            _lists.Writer.Complete(error);
        }
    }
}
