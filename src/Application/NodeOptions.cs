using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application;

/// <summary>What a node is to the others.</summary>
public enum NodeRole
{
    /// <summary>Everything on one node.</summary>
    Monolith,
    Gateway,
    Worker,
}

/// <summary>Section <c>Node</c>.</summary>
public sealed class NodeOptions
{
    public const string Section = "Node";

    /// <summary>Default: <see cref="NodeRole.Monolith"/>. The others come with the cluster and are refused until then.</summary>
    public NodeRole Role { get; set; } = NodeRole.Monolith;

    /// <summary>Seconds that a stopping node may finish what it holds. Default: 30.</summary>
    [Range(0, 3600)]
    public int DrainSeconds { get; set; } = 30;
}
