using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Domain.Records;

/// <summary>What is known of one thing: a file, a layer, a process, a service, a document of another place. OGC API - Records Part 1, clause 7 ("Record").</summary>
/// <param name="Source">Who keeps it up to date: one of <see cref="RecordSources"/>, or the id of a source that is harvested. With <paramref name="LocalId"/> it names the record.</param>
/// <param name="LocalId">The thing's own id at its source.</param>
/// <param name="Type">What it is: <c>dataset</c>, <c>file</c>, <c>process</c>, <c>service</c>, <c>document</c>, or what its source says.</param>
public sealed record CatalogueRecord(string Source, string LocalId, string Type, string Title)
{
    /// <summary>Owner of what nobody in particular has stored: seen by those who may store files. No token has this name.</summary>
    public const string Nobodys = "*";

    /// <summary>In addresses: <c>source:localId</c>.</summary>
    public string Id => $"{Source}:{LocalId}";

    /// <summary>Others of its source have a document, and it has none. Not kept: its links tell.</summary>
    public bool LacksDocument { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>BCP 47, where it is known.</summary>
    public string? Language { get; init; }

    /// <summary>Degrees, longitude before latitude; one whose west is east of its east crosses the antimeridian and has two parts.</summary>
    public IReadOnlyList<Extent> Extents { get; init; } = [];

    /// <summary>A GeoJSON geometry in degrees where it is more than <see cref="Extents"/>; as it is written.</summary>
    public string? GeometryJson { get; init; }

    /// <summary>What it is about in time.</summary>
    public TimeInterval? Time { get; init; }

    /// <summary>When the record itself was made and changed at its source.</summary>
    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Updated { get; init; }

    /// <summary>Ids that others know it by; the same thing on two nodes has one in common.</summary>
    public IReadOnlyList<ExternalId> ExternalIds { get; init; } = [];

    /// <summary>Codes of classification schemes.</summary>
    public IReadOnlyList<Classification> Classifications { get; init; } = [];

    public IReadOnlyList<RecordLink> Links { get; init; } = [];

    /// <summary>Media types or names of formats.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];

    public string? License { get; init; }

    /// <summary>Further members of the record, as JSON objects' members are; they can be asked for by name.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>What is found but not shown: names and values of attributes, the text of a document.</summary>
    public string? Text { get; init; }

    /// <summary>Whose it is, or <see cref="Nobodys"/>; <see langword="null"/>: everybody may see it.</summary>
    public string? Owner { get; init; }

    /// <summary>What its source said last of its state (an ETag, a time, a digest); a harvest compares it.</summary>
    public string? Version { get; init; }
}

/// <param name="Scheme">Of the id (a URI); <see langword="null"/>: none is known.</param>
public sealed record ExternalId(string Value, string? Scheme)
{
    /// <summary>In the place of a value that is asked for: whichever the scheme has.</summary>
    public const string Any = "";
}

public sealed record Classification(string Scheme, string Code)
{
    /// <summary>An operator gave it, not the record's source.</summary>
    public bool IsAssigned { get; init; }
}

/// <param name="Href">Absolute, or relative to the server's own address (<c>files/a.csv</c>).</param>
public sealed record RecordLink(string Href, string Rel, string? Type, string? Title);

/// <summary>Sources that a node has by itself.</summary>
public static class RecordSources
{
    public const string Files = "files";
    public const string Layers = "layers";
    public const string Processes = "processes";
    public const string Services = "services";
}
