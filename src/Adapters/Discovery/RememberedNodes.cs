using System.Runtime.CompilerServices;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Discovery;

/// <summary>
/// A registry whose last answer is kept in a file, and given in its place while it says nothing, also after a restart. An answer without nodes is passed on but not kept: of all that
/// may come back, it is of no use.
/// </summary>
internal sealed partial class RememberedNodes(INodeRegistry registry, NodesFile file, TimeProvider clock, ILogger<RememberedNodes> logger) : INodeRegistry
{
    /// <summary>A registry that is there has answered by then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    public Task<IAsyncDisposable> AnnounceAsync(NodeEntry self, CancellationToken cancellationToken) => registry.AnnounceAsync(self, cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<NodeEntry>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whoever leaves the loop leaves a question open behind it.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answers = registry.WatchAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        var next = answers.MoveNextAsync().AsTask();
        try
        {
            IReadOnlyList<NodeEntry>? given = null;
            await Task.WhenAny(next, Task.Delay(Patience, clock, cancellationToken));
            if (!next.IsCompleted && await file.ReadAsync(cancellationToken) is { } remembered)
            {
                LogRemembered(remembered.Count);
                given = remembered;
                yield return remembered;
            }

            while (await next)
            {
                var nodes = answers.Current;
                next = answers.MoveNextAsync().AsTask();
                await file.KeepAsync(nodes, cancellationToken);
                if (!nodes.SameAs(given))
                {
                    given = nodes;
                    yield return nodes;
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await answers.DisposeAsync();
        }
    }

    [LoggerMessage(EventId = 7010, Level = LogLevel.Warning, Message = "The registry of nodes does not answer; going on with the {Count} nodes that it knew last")]
    private partial void LogRemembered(int count);
}
