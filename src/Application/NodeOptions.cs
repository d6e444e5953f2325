using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application;

/// <summary>What a node is to the others.</summary>
public enum NodeRole
{
    /// <summary>Everything on one node.</summary>
    Monolith,

    /// <summary>One address for a cluster: it sends requests to the nodes, and keeps nothing itself.</summary>
    Gateway,

    /// <summary>Does what a gateway sends. So far it is all that a monolith is.</summary>
    Worker,
}

/// <summary>Section <c>Node</c>.</summary>
public sealed class NodeOptions
{
    public const string Section = "Node";

    /// <summary>Default: <see cref="NodeRole.Monolith"/>.</summary>
    public NodeRole Role { get; set; } = NodeRole.Monolith;

    /// <summary>What people call this node; letters, digits and <c>. _ -</c>, up to 100. Default: the machine's name and the port, as in <c>maps1-8080</c>.</summary>
    public string? Name { get; set; }

    /// <summary>How other nodes reach this one: scheme, host, port. Default: the first of <c>urls</c> that names a host.</summary>
    public string? Address { get; set; }

    /// <summary>What this node offers, of <c>processes</c>, <c>tiles</c>, <c>files</c>, <c>records</c>. Default: all.</summary>
    public string[] Services { get; set; } = [.. Nodes.NodeServices.All];

    /// <summary>Seconds that a stopping node may finish what it holds. Default: 30.</summary>
    [Range(0, 3600)]
    public int DrainSeconds { get; set; } = 30;
}
