namespace GeoWps.Application.Ports;

/// <summary>Keeps how often records were used. Every implementation passes <c>UseStoreContract</c>.</summary>
public interface IUseStore
{
    /// <summary>Adds to what is there, all or nothing; several nodes add to the same.</summary>
    Task AddAsync(IReadOnlyCollection<RecordUse> uses, CancellationToken cancellationToken);

    /// <summary>Sums, by month, record and caller (ordinal) as far as these are asked for.</summary>
    Task<IReadOnlyList<RecordUse>> ReadAsync(UseQuery query, CancellationToken cancellationToken);
}

/// <param name="Month">UTC, <c>2026-01</c>. What sums are not by is empty.</param>
/// <param name="Record">Its id; empty: none in particular, which is where searches are counted.</param>
/// <param name="Caller">The name of a token, <c>administrator</c> or <c>anonymous</c>.</param>
public sealed record RecordUse(string Month, string Record, string Caller, UseFigures Figures);

/// <param name="Opened">How often the record was read.</param>
/// <param name="Downloaded">How often what it describes was got.</param>
/// <param name="Searched">Searches; of no record in particular.</param>
/// <param name="Shown">How often it stood in an answer to a search.</param>
public readonly record struct UseFigures(long Opened, long Downloaded, long Searched, long Shown)
{
    public static UseFigures operator +(UseFigures one, UseFigures other) =>
        new(one.Opened + other.Opened, one.Downloaded + other.Downloaded, one.Searched + other.Searched, one.Shown + other.Shown);
}

/// <param name="From">The first month; <see langword="null"/>: from the beginning.</param>
/// <param name="To">The last month, included.</param>
public sealed record UseQuery(string? From, string? To, UseParts By, int Offset, int Limit);

/// <summary>By what sums are.</summary>
[Flags]
public enum UseParts
{
    None = 0,
    Month = 1,
    Record = 2,
    Caller = 4,
}
