namespace GeoWps.Application.Nodes;

/// <summary>
/// What a caller asks for can only be had at another node of the cluster. It goes through whatever asked for it, up to where answers are made: there it names the node, so that a
/// gateway sends the request on.
/// </summary>
/// <param name="node">What people call it.</param>
/// <param name="what">What lies there, as callers know it; no path.</param>
public sealed class ElsewhereException(string node, string what) : Exception($"{what} can be had only at the node {node}.")
{
    /// <summary>Of an answer, for gateways alone: <see cref="Node"/>, in the letters of an address.</summary>
    public const string Header = "X-GeoWps-Elsewhere";

    public string Node { get; } = node;

    /// <summary>As it stands in the header.</summary>
    public static string Written(string node) => Uri.EscapeDataString(node);

    public static string Read(string header) => Uri.UnescapeDataString(header);
}
