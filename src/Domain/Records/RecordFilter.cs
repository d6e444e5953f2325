namespace GeoWps.Domain.Records;

/// <summary>A condition on records: CQL2 (OGC 21-065r2), the classes Basic CQL2, Advanced Comparison Operators, Basic Spatial Functions and Temporal Functions.</summary>
public abstract record RecordFilter
{
    private RecordFilter(FilterKind kind) => Kind = kind;

    /// <summary>Switch on this, not on the type: the compiler checks an enum switch.</summary>
    public FilterKind Kind { get; }

    public sealed record All(IReadOnlyList<RecordFilter> Parts) : RecordFilter(FilterKind.All);

    public sealed record Any(IReadOnlyList<RecordFilter> Parts) : RecordFilter(FilterKind.Any);

    public sealed record Not(RecordFilter Part) : RecordFilter(FilterKind.Not);

    /// <param name="IgnoresCase">Neither case nor marks count (<c>casei</c>).</param>
    public sealed record Comparison(string Property, ComparisonOperator Operator, FilterValue Value, bool IgnoresCase) : RecordFilter(FilterKind.Comparison);

    /// <summary><c>%</c> any characters, <c>_</c> one, <c>\</c> before either means itself; neither case nor marks count where <paramref name="IgnoresCase"/>.</summary>
    public sealed record Like(string Property, string Pattern, bool IgnoresCase) : RecordFilter(FilterKind.Like);

    public sealed record Between(string Property, FilterValue Lower, FilterValue Upper) : RecordFilter(FilterKind.Between);

    public sealed record In(string Property, IReadOnlyList<FilterValue> Values, bool IgnoresCase) : RecordFilter(FilterKind.In);

    public sealed record IsNull(string Property) : RecordFilter(FilterKind.IsNull);

    /// <summary>Degrees, longitude before latitude.</summary>
    /// <param name="Area">Of the whole shape.</param>
    /// <param name="Shape">A GeoJSON geometry; <see langword="null"/>: the area itself.</param>
    public sealed record Meets(Spatial.Extent Area, string? Shape = null) : RecordFilter(FilterKind.Meets);

    public sealed record During(string Property, Time.TimeInterval Time, TemporalOperator Operator) : RecordFilter(FilterKind.During);
}

public enum FilterKind
{
    All,
    Any,
    Not,
    Comparison,
    Like,
    Between,
    In,
    IsNull,
    Meets,
    During,
}

public enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>OGC 21-065r2, 7.9: how two times lie to each other; an end that is open is without end.</summary>
public enum TemporalOperator
{
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

/// <summary>What a property is compared with.</summary>
/// <param name="Text">A text; a number as it is written; a time (RFC 3339, or a day); <c>true</c> or <c>false</c>.</param>
public sealed record FilterValue(string Text, FilterValueKind Kind);

public enum FilterValueKind
{
    Text,
    Number,
    Time,
    Boolean,
}
