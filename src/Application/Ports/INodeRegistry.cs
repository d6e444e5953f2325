using GeoWps.Domain.Nodes;

namespace GeoWps.Application.Ports;

/// <summary>
/// Who is there. Adapters: a list in the settings, Consul, PostgreSQL. Every implementation passes <c>NodeRegistryContract</c>, and nothing else may be assumed.
/// </summary>
public interface INodeRegistry
{
    /// <summary>
    /// Makes a node known and keeps it so until what is returned is disposed of, which makes it unknown. It does not fail because the registry is away: it goes on trying, and
    /// the node becomes known when the registry is back.
    /// </summary>
    Task<IAsyncDisposable> AnnounceAsync(NodeEntry self, CancellationToken cancellationToken);

    /// <summary>
    /// All nodes that are known, at once and whenever that changes, by name, then id. While the registry is away nothing comes; an empty list means that it has none. It ends
    /// only by cancellation.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<NodeEntry>> WatchAsync(CancellationToken cancellationToken);
}
