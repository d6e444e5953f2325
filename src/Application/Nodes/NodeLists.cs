using GeoWps.Domain.Nodes;

namespace GeoWps.Application.Nodes;

/// <summary>What every registry does with a list of nodes.</summary>
public static class NodeLists
{
    /// <summary>By name, then id: the order in which a registry gives its nodes.</summary>
    public static IReadOnlyList<NodeEntry> Ordered(IEnumerable<NodeEntry> nodes) =>
        [.. nodes.OrderBy(node => node.Name, StringComparer.Ordinal).ThenBy(node => node.Id, StringComparer.Ordinal)];

    /// <summary>Whether two ordered lists say the same.</summary>
    public static bool SameAs(this IReadOnlyList<NodeEntry> one, IReadOnlyList<NodeEntry>? other) =>
        other is not null && one.Count == other.Count && !one.Where((node, place) => !Same(node, other[place])).Any();

    private static bool Same(NodeEntry one, NodeEntry other) =>
        one.Id == other.Id && one.Name == other.Name && one.Version == other.Version && one.Address == other.Address && one.Services.SequenceEqual(other.Services);
}
