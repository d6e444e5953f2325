namespace GeoWps.Application.Nodes;

/// <summary>What a node can offer, by name.</summary>
public static class NodeServices
{
    /// <summary>Processes and their jobs, in every protocol.</summary>
    public const string Processes = "processes";

    /// <summary>Layers: their collections, features, styles, tiles and maps, and the cache of tiles.</summary>
    public const string Tiles = "tiles";

    public const string Files = "files";

    public const string Records = "records";

    /// <summary>What every node has: landing page, conformance, definition of the API. Nobody chooses it.</summary>
    public const string Core = "core";

    /// <summary>Those that an operator chooses from.</summary>
    public static IReadOnlyList<string> All { get; } = [Processes, Tiles, Files, Records];
}
