namespace GeoWps.Application.Nodes;

/// <summary>The store that this node shares with others. What nodes of one store know is the same, so asking one of them is asking all.</summary>
public sealed class ClusterStore
{
    /// <summary><see langword="null"/>: it has a store of its own. Set once, before the node starts.</summary>
    public string? Id { get; set; }
}
