using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Application.Ports;

/// <summary>Keeps records and finds them. Every implementation passes <c>RecordStoreContract</c>.</summary>
public interface IRecordStore
{
    /// <summary>Stores records over those of the same source and local id, in one commit; search finds all of them or none.</summary>
    Task PutAsync(IReadOnlyCollection<CatalogueRecord> records, CancellationToken cancellationToken);

    /// <returns>How many there were.</returns>
    Task<int> RemoveAsync(string source, IReadOnlyCollection<string> localIds, CancellationToken cancellationToken);

    /// <summary>Forgets a source with all that it had.</summary>
    Task RemoveAllAsync(string source, CancellationToken cancellationToken);

    Task<CatalogueRecord?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Local id and <see cref="CatalogueRecord.Version"/> of all that a source has, by local id (ordinal): what a harvest compares with.</summary>
    IAsyncEnumerable<(string LocalId, string? Version)> VersionsAsync(string source, CancellationToken cancellationToken);

    Task<RecordPage> SearchAsync(RecordQuery query, CancellationToken cancellationToken);

    /// <summary>What has changed since a state. What changes at the same time may be told now and once more the next time, and is never left out.</summary>
    /// <param name="caller">Whose records are seen; nothing else of it counts.</param>
    /// <param name="since">A state of before; <see langword="null"/>: only the state and the number of records are asked for.</param>
    /// <param name="most">Changes, and removals, at most.</param>
    /// <returns><see langword="null"/>: that is not known, because there were more, or the state is of another store, or removals since then were forgotten (<c>Records:KeptRemovals</c>).</returns>
    Task<RecordChanges?> ChangesAsync(RecordQuery caller, string? since, int most, CancellationToken cancellationToken);
}

/// <summary>What is asked for; everything that is given must hold. OGC API - Records Part 1, clauses 8.4 and 8.5.</summary>
public sealed record RecordQuery
{
    /// <summary>Words, all of which must be there, in any order; what stands in quotation marks as it stands.</summary>
    public string? Text { get; init; }

    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>One of these (<c>source:localId</c> is no external id).</summary>
    public IReadOnlyList<ExternalId> ExternalIds { get; init; } = [];

    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Degrees; two parts across the antimeridian. One of them is met.</summary>
    public IReadOnlyList<Extent> Areas { get; init; } = [];

    public TimeInterval? Time { get; init; }

    /// <summary>One of these codes of one scheme, or of any where it is <see langword="null"/>; each entry must hold.</summary>
    public IReadOnlyList<(string? Scheme, IReadOnlyList<string> Codes)> Classifications { get; init; } = [];

    /// <summary>A condition in CQL2, parsed and checked against the queryables.</summary>
    public RecordFilter? Filter { get; init; }

    /// <summary>Whose records are seen beside everybody's; <see langword="null"/>: nobody's.</summary>
    public string? Caller { get; init; }

    /// <summary>Those of <see cref="CatalogueRecord.Nobodys"/>, too.</summary>
    public bool SeesNobodys { get; init; }

    /// <summary>Everybody's records whosever they are.</summary>
    public bool SeesAll { get; init; }

    /// <summary>Owners whose records are seen beside everybody's.</summary>
    public IReadOnlyList<string> Owners() => [.. Caller is { } caller ? (string[])[caller] : [], .. SeesNobodys ? (string[])[CatalogueRecord.Nobodys] : []];

    /// <summary>Empty: by rank where words are asked for, else by title; id breaks ties always.</summary>
    public IReadOnlyList<(string Property, bool Descending)> SortBy { get; init; } = [];

    public int Offset { get; init; }

    public int Limit { get; init; } = 10;

    /// <summary>By which members what is found is to be counted (<c>type</c>, <c>keywords</c>, <c>formats</c>, <c>source</c>, a scheme's id).</summary>
    public IReadOnlyList<string> Facets { get; init; } = [];
}

/// <param name="Matched">How many there are in all.</param>
public sealed record RecordPage(IReadOnlyList<FoundRecord> Records, long Matched)
{
    /// <summary>For each facet asked for, its values by number, most first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<(string Value, long Count)>> Facets { get; init; } =
        new Dictionary<string, IReadOnlyList<(string, long)>>();
}

/// <param name="Rank">How well it fits the words, higher is better; comparable between nodes (0 to 1). 0 where none were asked for.</param>
/// <param name="Hit">The sentence in which it was found, each word found between U+0002 and U+0003.</param>
public sealed record FoundRecord(CatalogueRecord Record, double Rank, string? Hit);
