using System.Runtime.CompilerServices;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace GeoWps.Adapters.Discovery.Static;

/// <summary>
/// The list in the settings. A node that has never answered is named by its address and offers nothing that is known; what it said once stays, whether it answers or not: who is well is not the
/// registry's to judge.
/// </summary>
/// <param name="read">The settings as they are now; an <see cref="OptionsValidationException"/> when they are wrong.</param>
/// <param name="changes">Changes when the settings may have.</param>
/// <param name="look">From one question to a node to the next; a quarter of it for one that has not answered yet.</param>
internal sealed partial class StaticNodes(
    Func<DiscoveryOptions> read, Func<IChangeToken> changes, OfferReader offers, TimeSpan look, TimeProvider clock, ILogger<StaticNodes> logger) : INodeRegistry
{
    /// <summary>Nothing to do: who is in the list is known.</summary>
    public Task<IAsyncDisposable> AnnounceAsync(NodeEntry self, CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable>(new Nothing());

    public async IAsyncEnumerable<IReadOnlyList<NodeEntry>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var told = new Dictionary<Uri, NodeEntry>();
        IReadOnlyList<NodeEntry>? last = null;

        // Taken before the settings are read: a change in between is not missed.
        var change = changes();
        var addresses = Addresses() ?? [];
        while (true)
        {
            await AskAsync(addresses, told, cancellationToken);
            var nodes = NodeLists.Ordered(addresses.Select(address => told.GetValueOrDefault(address) ?? new NodeEntry(address.AbsoluteUri, address.Authority, address, [])));
            if (!nodes.SameAs(last))
            {
                last = nodes;
                yield return nodes;
            }

            await WaitAsync(change, addresses.All(told.ContainsKey) ? look : look / 4, cancellationToken);

            // Not read without a change: a file that is broken leaves empty settings behind, and no change.
            if (change.HasChanged)
            {
                change = changes();
                addresses = Addresses() ?? addresses;
            }
        }
    }

    private async Task AskAsync(Uri[] addresses, Dictionary<Uri, NodeEntry> told, CancellationToken cancellationToken)
    {
        foreach (var entry in await Task.WhenAll(addresses.Select(address => offers.ReadAsync(address, cancellationToken))))
        {
            if (entry is not null)
            {
                told[entry.Address] = entry;
            }
        }
    }

    private Uri[]? Addresses()
    {
        try
        {
            return [.. read().Nodes.Select(node => NodeAddress.TryParse(node, out var address) ? address : null).OfType<Uri>().Distinct()];
        }
        catch (OptionsValidationException wrong)
        {
            LogWrong(string.Join("; ", wrong.Failures.Distinct()));
            return null;
        }
    }

    private async Task WaitAsync(IChangeToken change, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var registration = change.RegisterChangeCallback(static source => ((CancellationTokenSource)source!).Cancel(), awake);
        await Task.Delay(pause, clock, awake.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    [LoggerMessage(EventId = 7020, Level = LogLevel.Warning, Message = "The list of nodes stays as it was, since the changed settings are wrong: {Reasons}")]
    private partial void LogWrong(string reasons);
}
