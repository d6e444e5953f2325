using System.Globalization;
using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Words;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Adapters.Storage.Records;

/// <summary>
/// What is asked of records beside words, as a condition in SQL on a row <c>r</c> of the table of records. The dialects differ in where tables are and how boxes meet; the rest is one text.
/// </summary>
/// <param name="schema">Before the name of each table: nothing, or <c>geowps.</c></param>
/// <param name="each">Reads a list of ids: a query over the value of a name.</param>
/// <param name="meets">A condition on a row <c>a</c> of the table of areas, of the four names of a box's numbers (west, south, east, north).</param>
internal sealed class RecordConditions(string schema, Func<string, string> each, Func<string, string, string, string, string> meets)
{
    private readonly List<(string Name, object? Value)> _values = [];
    private readonly List<string> _conditions = [];

    private readonly List<ExactTest> _tests = [];

    public IReadOnlyList<(string Name, object? Value)> Values => _values;

    /// <summary>What has to be looked at before <see cref="Sql"/> can be run, each for <see cref="Found"/>.</summary>
    public IReadOnlyList<ExactTest> Tests => _tests;

    /// <summary>Tells the outcome of a test.</summary>
    /// <param name="nearMisses">Ids of records, as the dialect's lists are.</param>
    public void Found(ExactTest test, object nearMisses) => _values[_values.FindIndex(value => value.Name == test.Name)] = (test.Name, nearMisses);

    /// <summary>The whole; <c>TRUE</c> where nothing is asked.</summary>
    public string Sql => _conditions.Count == 0 ? "TRUE" : string.Join(" AND ", _conditions);

    public bool IsEmpty => _conditions.Count == 0;

    /// <summary>All but the words, and whose records are seen.</summary>
    public void Add(RecordQuery query)
    {
        if (query.Ids.Count > 0)
        {
            _conditions.Add($"r.record_id IN ({List(query.Ids)})");
        }

        if (query.Types.Count > 0)
        {
            _conditions.Add($"r.type IN ({List(query.Types)})");
        }

        if (query.ExternalIds.Count > 0)
        {
            string[] any =
            [
                .. ExternalIds(RecordProperties.ExternalIds, query.ExternalIds.Where(id => id.Scheme is null).Select(id => RecordRow.Cut(id.Value))),
                .. ExternalIds(RecordValue.SchemedIds, query.ExternalIds.Where(id => id is { Scheme: not null, Value: not ExternalId.Any }).Select(RecordRow.WithScheme)),
                .. query.ExternalIds.Where(id => id is { Scheme: not null, Value: ExternalId.Any }).Select(OfScheme),
            ];
            _conditions.Add($"({string.Join(" OR ", any)})");
        }

        if (query.Areas.Count > 0)
        {
            _conditions.Add($"({string.Join(" OR ", query.Areas.Select(area => Meets(area, null)))})");
        }

        if (query.Time is { } time)
        {
            _conditions.Add(During("r.time_from", "r.time_to", time, TemporalOperator.Intersects));
        }

        foreach (var (scheme, codes) in query.Classifications)
        {
            _conditions.Add(Has(scheme is null ? RecordProperties.Classification : RecordProperties.SchemePrefix + scheme, $"v.value IN ({List(codes.Select(RecordRow.Cut))})"));
        }

        if (query.Filter is { } filter)
        {
            _conditions.Add(Of(filter, isNegated: false));
        }
    }

    /// <summary>Whose records are seen.</summary>
    public void AddCaller(RecordQuery query)
    {
        if (!query.SeesAll)
        {
            var owners = query.Owners();
            _conditions.Add(owners.Count == 0 ? "r.owner IS NULL" : $"(r.owner IS NULL OR r.owner IN ({List(owners)}))");
        }
    }

    public void Add(string condition) => _conditions.Add(condition);

    /// <summary>A name for a value.</summary>
    public string Value(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@p{_values.Count}");
        _values.Add((name, value));
        return name;
    }

    /// <summary>What stands after ORDER BY; ids break ties.</summary>
    public static string Order(IReadOnlyList<(string Property, bool Descending)> sortBy) => string.Join(
        ", ",
        [
            .. sortBy.Select(one => (Column: SortColumn(one.Property), one.Descending)).Where(one => one.Column is not null)
                .SelectMany(one => (string[])[.. MayBeMissing(one.Column!) ? [$"{one.Column} IS NULL"] : (string[])[], $"{one.Column}{(one.Descending ? " DESC" : "")}"]),
            .. sortBy.Count == 0 ? (string[])["r.title_key"] : [],
            "r.record_id",
        ]);

    /// <summary>Parts of a LIKE pattern that mean themselves.</summary>
    public static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private static string? SortColumn(string property) => property switch
    {
        RecordProperties.Id => "r.record_id",
        RecordProperties.Type => "r.type",
        RecordProperties.Title => "r.title_key",
        RecordProperties.Created => "r.created",
        RecordProperties.Updated => "r.updated",
        RecordProperties.Time => "r.time_from",
        RecordProperties.Source => "r.source",
        _ => null,
    };

    private static bool MayBeMissing(string column) => column is "r.created" or "r.updated" or "r.time_from";

    private string[] ExternalIds(string name, IEnumerable<string> values) => values.ToArray() is { Length: > 0 } some ? [Has(name, $"v.value IN ({List(some)})")] : [];

    // All that begin with the scheme and a space, by the index: what comes after a space is an exclamation mark.
    private string OfScheme(ExternalId id) => Has(RecordValue.SchemedIds, $"v.value >= {Value(RecordRow.Cut($"{id.Scheme} "))} AND v.value < {Value(RecordRow.Cut($"{id.Scheme}!"))}");

    private string List(IEnumerable<string> values) => string.Join(", ", values.Select(Value));

    private string Has(string name, string condition) => $"r.id IN (SELECT v.record FROM {schema}record_values v WHERE v.name = {Value(RecordRow.Cut(name))} AND {condition})";

    // Where a property is missing a comparison is neither true nor false, and so is its opposite; only there does it make a difference.
    private string HasOrUnknown(string name, string condition) =>
        $"((SELECT max(CASE WHEN {condition} THEN 1 ELSE 0 END) FROM {schema}record_values v WHERE v.record = r.id AND v.name = {Value(RecordRow.Cut(name))}) = 1)";

    private string Meets(Extent area, string? shape)
    {
        var (west, south, east, north) = (Value(area.MinX), Value(area.MinY), Value(area.MaxX), Value(area.MaxY));
        var isNear = meets(west, south, east, north);
        var (nearMisses, most) = (Value(Array.Empty<long>()), ExactShapes.Most.ToString(CultureInfo.InvariantCulture));

        // What lies within a box meets it, and what has a box alone has been compared with it already.
        _tests.Add(new ExactTest(
            nearMisses,
            shape is null
                ? $"""
                  SELECT g.record, g.geometry, a.west, a.south, a.east, a.north FROM {schema}record_areas a JOIN {schema}record_geometries g ON g.record = a.record
                  WHERE {isNear} AND NOT (a.west >= {west} AND a.east <= {east} AND a.south >= {south} AND a.north <= {north}) LIMIT {most}
                  """
                : $"SELECT a.record, g.geometry, a.west, a.south, a.east, a.north FROM {schema}record_areas a LEFT JOIN {schema}record_geometries g ON g.record = a.record WHERE {isNear} LIMIT {most}",
            area,
            shape));
        return $"(r.id IN (SELECT a.record FROM {schema}record_areas a WHERE {isNear}) AND r.id NOT IN ({each(nearMisses)}))";
    }

    private string Of(RecordFilter filter, bool isNegated) => filter.Kind switch
    {
        FilterKind.All => Joined(((RecordFilter.All)filter).Parts, " AND ", "TRUE", isNegated),
        FilterKind.Any => Joined(((RecordFilter.Any)filter).Parts, " OR ", "FALSE", isNegated),
        FilterKind.Not => $"(NOT {Of(((RecordFilter.Not)filter).Part, true)})",
        FilterKind.Comparison => Comparison((RecordFilter.Comparison)filter, isNegated),
        FilterKind.Like => Like((RecordFilter.Like)filter, isNegated),
        FilterKind.Between => Between((RecordFilter.Between)filter, isNegated),
        FilterKind.In => In((RecordFilter.In)filter, isNegated),
        FilterKind.IsNull => IsNull((RecordFilter.IsNull)filter),
        FilterKind.Meets => Meets(((RecordFilter.Meets)filter).Area, ((RecordFilter.Meets)filter).Shape),
        FilterKind.During => DuringOf((RecordFilter.During)filter),
    };

    private string Joined(IReadOnlyList<RecordFilter> parts, string with, string none, bool isNegated) =>
        parts.Count == 0 ? none : $"({string.Join(with, parts.Select(part => Of(part, isNegated)))})";

    private string Comparison(RecordFilter.Comparison filter, bool isNegated)
    {
        if (InstantColumn(filter.Property) is { } column)
        {
            return CompareTime(column, filter.Operator, filter.Value);
        }

        var folds = filter.IgnoresCase && filter.Value.Kind == FilterValueKind.Text;
        return Test(filter.Property, folds, isNegated, filter.Value.Kind, operand => $"{operand} {Sign(filter.Operator)} {Operand(filter.Value, folds)}");
    }

    private string Like(RecordFilter.Like filter, bool isNegated)
    {
        var pattern = new StringBuilder();
        for (var i = 0; i < filter.Pattern.Length; i++)
        {
            var isEscape = filter.Pattern[i] == '\\';
            pattern.Append(isEscape && !(i + 1 < filter.Pattern.Length && filter.Pattern[i + 1] is '%' or '_' or '\\') ? "\\\\" : filter.Pattern[i]);
            if (isEscape && i + 1 < filter.Pattern.Length && filter.Pattern[i + 1] is '%' or '_' or '\\')
            {
                pattern.Append(filter.Pattern[++i]);
            }
        }

        var text = pattern.ToString();
        return Test(filter.Property, filter.IgnoresCase, isNegated, FilterValueKind.Text, operand => $"{operand} LIKE {Value(filter.IgnoresCase ? WordBreaker.Fold(text) : text)} ESCAPE '\\'");
    }

    private string Between(RecordFilter.Between filter, bool isNegated) => InstantColumn(filter.Property) is { } column
        ? $"({CompareTime(column, ComparisonOperator.GreaterOrEqual, filter.Lower)} AND {CompareTime(column, ComparisonOperator.LessOrEqual, filter.Upper)})"
        : Test(filter.Property, false, isNegated, filter.Lower.Kind, operand => $"{operand} BETWEEN {Operand(filter.Lower, false)} AND {Operand(filter.Upper, false)}");

    private string In(RecordFilter.In filter, bool isNegated)
    {
        if (InstantColumn(filter.Property) is { } column)
        {
            return $"({string.Join(" OR ", filter.Values.Select(value => CompareTime(column, ComparisonOperator.Equal, value)))})";
        }

        var kinds = filter.Values.GroupBy(value => value.Kind);
        return $"({string.Join(" OR ", kinds.Select(kind => Test(filter.Property, filter.IgnoresCase, isNegated, kind.Key, operand => $"{operand} IN ({string.Join(", ", kind.Select(value => Operand(value, filter.IgnoresCase)))})")))})";
    }

    private string IsNull(RecordFilter.IsNull filter) => filter.Property switch
    {
        RecordProperties.Geometry => $"(NOT EXISTS (SELECT 1 FROM {schema}record_areas a WHERE a.record = r.id))",
        RecordProperties.Time => "(r.time_from IS NULL)",
        _ when InstantColumn(filter.Property) is { } instant => $"({instant} IS NULL)",
        _ when Column(filter.Property, false) is { } column => $"({column} IS NULL)",
        _ => $"(NOT EXISTS (SELECT 1 FROM {schema}record_values v WHERE v.record = r.id AND v.name = {Value(RecordRow.Cut(filter.Property))}))",
    };

    private string DuringOf(RecordFilter.During filter) => InstantColumn(filter.Property) is { } instant
        ? During(instant, instant, filter.Time, filter.Operator)
        : During("r.time_from", "r.time_to", filter.Time, filter.Operator);

    /// <summary>A condition on a column of the record or on its values.</summary>
    private string Test(string property, bool folds, bool isNegated, FilterValueKind kind, Func<string, string> condition)
    {
        if (Column(property, folds) is { } column)
        {
            return $"({condition(column)})";
        }

        var operand = folds ? "v.key" : kind == FilterValueKind.Number && RecordProperties.KindOf(property) == RecordPropertyKind.Any ? "v.number" : "v.value";
        return isNegated ? HasOrUnknown(property, condition(operand)) : Has(property, condition(operand));
    }

    private object Raw(FilterValue value, bool folds) => value.Kind == FilterValueKind.Number ? double.Parse(value.Text, CultureInfo.InvariantCulture)
        : folds ? WordBreaker.Fold(value.Text)
        : value.Text;

    private string Operand(FilterValue value, bool folds) => Value(Raw(value, folds));

    private string? Column(string property, bool folds) => property switch
    {
        RecordProperties.Id => folds ? "lower(r.record_id)" : "r.record_id",
        RecordProperties.Title => folds ? "r.title_key" : "r.title",
        RecordProperties.Type when !folds => "r.type",
        RecordProperties.Source when !folds => "r.source",
        RecordProperties.Description => $"(SELECT d.{(folds ? "description_key" : "description")} FROM {schema}record_documents d WHERE d.record = r.id)",
        _ => null,
    };

    private static string? InstantColumn(string property) => property switch
    {
        RecordProperties.Created => "r.created",
        RecordProperties.Updated => "r.updated",
        _ => null,
    };

    private string CompareTime(string column, ComparisonOperator comparison, FilterValue value)
    {
        // A day is all of it, a second all of it.
        _ = TimeInterval.TryParse(value.Text, out var time);
        var (from, to) = (Value(RecordRow.Milliseconds(time.From) ?? 0), Value(RecordRow.Milliseconds(time.To) ?? 0));
        return comparison switch
        {
            ComparisonOperator.Equal => $"({column} BETWEEN {from} AND {to})",
            ComparisonOperator.NotEqual => $"({column} NOT BETWEEN {from} AND {to})",
            ComparisonOperator.Less => $"({column} < {from})",
            ComparisonOperator.LessOrEqual => $"({column} <= {to})",
            ComparisonOperator.Greater => $"({column} > {to})",
            ComparisonOperator.GreaterOrEqual => $"({column} >= {from})",
        };
    }

    private string During(string a, string b, TimeInterval time, TemporalOperator operation)
    {
        var (c, d) = (Value(RecordRow.Milliseconds(time.From) ?? long.MinValue), Value(RecordRow.Milliseconds(time.To) ?? long.MaxValue));
        return operation switch
        {
            TemporalOperator.After => $"({a} > {d})",
            TemporalOperator.Before => $"({b} < {c})",
            TemporalOperator.Contains => $"({a} < {c} AND {b} > {d})",
            TemporalOperator.Disjoint => $"({a} > {d} OR {b} < {c})",
            TemporalOperator.During => $"({a} > {c} AND {b} < {d})",
            TemporalOperator.Equals => $"({a} = {c} AND {b} = {d})",
            TemporalOperator.FinishedBy => $"({a} < {c} AND {b} = {d})",
            TemporalOperator.Finishes => $"({a} > {c} AND {b} = {d})",
            TemporalOperator.Intersects => $"({a} <= {d} AND {b} >= {c})",
            TemporalOperator.Meets => $"({b} = {c})",
            TemporalOperator.MetBy => $"({a} = {d})",
            TemporalOperator.OverlappedBy => $"({a} > {c} AND {a} < {d} AND {b} > {d})",
            TemporalOperator.Overlaps => $"({a} < {c} AND {b} > {c} AND {b} < {d})",
            TemporalOperator.StartedBy => $"({a} = {c} AND {b} > {d})",
            TemporalOperator.Starts => $"({a} = {c} AND {b} < {d})",
        };
    }

    private static string Sign(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.NotEqual => "<>",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        ComparisonOperator.GreaterOrEqual => ">=",
    };
}

/// <summary>Shapes that are to be compared.</summary>
/// <param name="Name">Of the value that the outcome becomes.</param>
/// <param name="Sql">Reads record, geometry (or nothing), west, south, east and north of what is near.</param>
internal sealed record ExactTest(string Name, string Sql, Extent Area, string? Shape)
{
    public ExactShapes Begin() => new(Area, Shape);
}
