namespace GeoWps.Domain.Nodes;

/// <summary>What a node offers, told by itself under <c>/health/offer</c>: its endpoints by service, and its processes.</summary>
/// <param name="Version">The program's.</param>
/// <param name="Processes">Those that it runs itself.</param>
public sealed record NodeOffer(string Id, string Name, string Version, IReadOnlyList<ServiceOffer> Services, IReadOnlyList<ProcessOffer> Processes)
{
    /// <summary>Those that it takes in, and other nodes run.</summary>
    public IReadOnlyList<ProcessOffer> Elsewhere { get; init; } = [];

    /// <summary>The store that it shares with others; <see langword="null"/>: it has one of its own.</summary>
    public string? Store { get; init; }
}

/// <param name="Service">Such as <c>tiles</c>; <c>core</c> for what every node has (landing page, conformance, definition of the API).</param>
public sealed record ServiceOffer(string Service, IReadOnlyList<RouteOffer> Routes);

/// <param name="Template">Path template of the framework: <c>/collections/{layer}/tiles</c>.</param>
/// <param name="Methods">Empty: any.</param>
public sealed record RouteOffer(string Template, IReadOnlyList<string> Methods);

public sealed record ProcessOffer(string Id, string Version);
