namespace GeoWps.Domain.Nodes;

/// <summary>A node as a registry knows it: where it is, and the names of what it offers. What exactly that is, the node itself says (<see cref="NodeOffer"/>).</summary>
/// <param name="Id">Of this run of the node: another one after a restart, except for a node that is only listed, whose address it is.</param>
/// <param name="Name">What people call it; stays the same over restarts.</param>
/// <param name="Address">Under which other nodes reach it: scheme, host, port.</param>
/// <param name="Services">Of <c>processes</c>, <c>tiles</c>, <c>files</c>, <c>records</c>.</param>
public sealed record NodeEntry(string Id, string Name, Uri Address, IReadOnlyList<string> Services)
{
    /// <summary>The program's version; empty where the registry does not know it.</summary>
    public string Version { get; init; } = "";
}
