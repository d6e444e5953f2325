using GeoWps.Domain.Records;

namespace GeoWps.Application.Records;

/// <summary>
/// Reads a filter in CQL2 text (OGC 21-065r2): the classes Basic CQL2, Advanced Comparison Operators, Case-insensitive Comparison (casei), Basic Spatial Functions with
/// geometries by their extents, and Temporal Functions.
/// </summary>
public sealed class Cql2Parser
{
    /// <summary>Parentheses and NOTs within each other, at most.</summary>
    public const int MaxDepth = 64;

    /// <summary>Characters, at most.</summary>
    public const int MaxLength = 32_768;

    /// <summary>Conditions, at most: a database has limits of its own.</summary>
    public const int MaxConditions = 500;

    private readonly Cql2Cursor _cursor;
    private readonly Cql2Literals _literals;
    private int _conditions;

    private Cql2Parser(string filter, bool isLatitudeFirst)
    {
        _cursor = new Cql2Cursor(Cql2Lexer.Read(filter));
        _literals = new Cql2Literals(_cursor, isLatitudeFirst);
    }

    /// <param name="isLatitudeFirst">Whether coordinates have latitude before longitude (<c>filter-crs</c> EPSG:4326).</param>
    /// <exception cref="Cql2Exception">With the place and what was expected there.</exception>
    public static RecordFilter Parse(string filter, bool isLatitudeFirst)
    {
        if (filter.Length > MaxLength)
        {
            throw new Cql2Exception(MaxLength, $"a filter has at most {MaxLength} characters");
        }

        var parser = new Cql2Parser(filter, isLatitudeFirst);
        var read = parser.Either(0);
        parser._cursor.ExpectEnd();
        return read;
    }

    private RecordFilter Either(int depth)
    {
        List<RecordFilter> parts = [Both(depth)];
        while (_cursor.Take("OR"))
        {
            parts.Add(Both(depth));
        }

        return parts.Count == 1 ? parts[0] : new RecordFilter.Any(parts);
    }

    private RecordFilter Both(int depth)
    {
        List<RecordFilter> parts = [One(depth)];
        while (_cursor.Take("AND"))
        {
            parts.Add(One(depth));
        }

        return parts.Count == 1 ? parts[0] : new RecordFilter.All(parts);
    }

    private RecordFilter One(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new Cql2Exception(_cursor.Current.At, $"conditions are within each other at most {MaxDepth} times");
        }

        if (_cursor.Take("NOT"))
        {
            return new RecordFilter.Not(One(depth + 1));
        }

        if (_cursor.TakeSign("("))
        {
            var inner = Either(depth + 1);
            _cursor.ExpectSign(")");
            return inner;
        }

        if (++_conditions > MaxConditions)
        {
            throw new Cql2Exception(_cursor.Current.At, $"a filter has at most {MaxConditions} conditions");
        }

        return Predicate();
    }

    private RecordFilter Predicate()
    {
        var first = _cursor.Current;
        if (first.Kind == Cql2TokenKind.Name && _cursor.Next is { Kind: Cql2TokenKind.Sign, Text: "(" } && !first.Is("CASEI") && !Cql2Literals.Begins(first))
        {
            return Function(first);
        }

        if (first.Is("TRUE") || first.Is("FALSE"))
        {
            _cursor.Move();
            return first.Is("TRUE") ? new RecordFilter.All([]) : new RecordFilter.Any([]);
        }

        if (first.Kind is Cql2TokenKind.Text or Cql2TokenKind.Number || Cql2Literals.Begins(first))
        {
            // 5 < size is size > 5.
            var value = _literals.Value(out var isPlain);
            var turned = Turn(Operator());
            var (name, ignores) = Property();
            return Compare(name, turned, value, ignores || !isPlain, first.At);
        }

        var (property, ignoresCase) = Property();
        if (_cursor.Take("IS"))
        {
            var isNot = _cursor.Take("NOT");
            _cursor.Expect("NULL");
            return Negated(isNot, new RecordFilter.IsNull(property));
        }

        var not = _cursor.Take("NOT");
        if (_cursor.Take("LIKE"))
        {
            var pattern = _literals.Text(out var folds);
            return Negated(not, new RecordFilter.Like(property, pattern, ignoresCase || folds));
        }

        if (_cursor.Take("BETWEEN"))
        {
            var lower = _literals.Value(out _);
            _cursor.Expect("AND");
            return Negated(not, new RecordFilter.Between(property, Checked(property, lower, first.At), Checked(property, _literals.Value(out _), first.At)));
        }

        if (_cursor.Take("IN"))
        {
            return Negated(not, List(property, ignoresCase, first.At));
        }

        if (not)
        {
            throw _cursor.Expected("LIKE, BETWEEN or IN");
        }

        var comparison = Operator();
        var right = _literals.Value(out var plain);
        return Compare(property, comparison, right, ignoresCase || !plain, first.At);
    }

    private RecordFilter.In List(string property, bool ignoresCase, int at)
    {
        _cursor.ExpectSign("(");
        var (values, folds) = (new List<FilterValue>(), ignoresCase);
        do
        {
            values.Add(Checked(property, _literals.Value(out var isPlain), at));
            folds |= !isPlain;
        }
        while (_cursor.TakeSign(","));
        _cursor.ExpectSign(")");
        return new RecordFilter.In(property, values, folds);
    }

    private RecordFilter Function(Cql2Token name)
    {
        _cursor.Move();
        _cursor.ExpectSign("(");
        if (name.Is("S_INTERSECTS"))
        {
            var isGeometry = _cursor.Current.Kind is Cql2TokenKind.QuotedName || !Cql2Literals.IsShape(_cursor.Current);
            if (isGeometry)
            {
                Geometry();
            }

            var shapes = _literals.Shape();
            if (!isGeometry)
            {
                _cursor.ExpectSign(",");
                Geometry();
            }

            _cursor.ExpectSign(")");
            return shapes.Count == 1 ? shapes[0] : new RecordFilter.Any([.. shapes]);

            void Geometry()
            {
                var at = _cursor.Current.At;
                if (_cursor.Name() is var found && found != RecordProperties.Geometry)
                {
                    throw new Cql2Exception(at, $"'{found}' is no geometry; {RecordProperties.Geometry} is");
                }

                if (isGeometry)
                {
                    _cursor.ExpectSign(",");
                }
            }
        }

        if (Cql2Literals.Temporal(name.Text) is { } temporal)
        {
            var filter = _literals.IsTime ? Turned(temporal) : Straight(temporal);
            _cursor.ExpectSign(")");
            return filter;
        }

        throw new Cql2Exception(name.At, $"there is no function {name.Text}; there are S_INTERSECTS, CASEI, and T_AFTER, T_BEFORE, T_DURING, T_EQUALS, T_INTERSECTS and the others of times");
    }

    private RecordFilter.During Straight(TemporalOperator temporal)
    {
        var property = TimeProperty();
        _cursor.ExpectSign(",");
        return new RecordFilter.During(property, _literals.Time(), temporal);
    }

    private RecordFilter.During Turned(TemporalOperator temporal)
    {
        var time = _literals.Time();
        _cursor.ExpectSign(",");
        return new RecordFilter.During(TimeProperty(), time, Cql2Literals.Turn(temporal));
    }

    private string TimeProperty()
    {
        var at = _cursor.Current.At;
        var name = _cursor.Name();
        return RecordProperties.KindOf(name) is RecordPropertyKind.Instant or RecordPropertyKind.Interval
            ? name
            : throw new Cql2Exception(at, $"'{name}' is no time; {RecordProperties.Time}, {RecordProperties.Created} and {RecordProperties.Updated} are");
    }

    private (string Name, bool IgnoresCase) Property()
    {
        if (_cursor.Current.Is("CASEI") && _cursor.Next is { Kind: Cql2TokenKind.Sign, Text: "(" })
        {
            _cursor.Move();
            _cursor.Move();
            var (name, _) = Property();
            _cursor.ExpectSign(")");
            return (name, true);
        }

        return (_cursor.Name(), false);
    }

    private ComparisonOperator Operator()
    {
        var sign = _cursor.Current;
        ComparisonOperator? found = sign.Kind != Cql2TokenKind.Sign ? null : sign.Text switch
        {
            "=" => ComparisonOperator.Equal,
            "<>" => ComparisonOperator.NotEqual,
            "<" => ComparisonOperator.Less,
            "<=" => ComparisonOperator.LessOrEqual,
            ">" => ComparisonOperator.Greater,
            ">=" => ComparisonOperator.GreaterOrEqual,
            _ => null,
        };
        _ = found ?? throw _cursor.Expected("one of =, <>, <, <=, >, >=, LIKE, BETWEEN, IN, IS");
        _cursor.Move();
        return found.Value;
    }

    private static ComparisonOperator Turn(ComparisonOperator one) => one switch
    {
        ComparisonOperator.Equal => ComparisonOperator.Equal,
        ComparisonOperator.NotEqual => ComparisonOperator.NotEqual,
        ComparisonOperator.Less => ComparisonOperator.Greater,
        ComparisonOperator.LessOrEqual => ComparisonOperator.GreaterOrEqual,
        ComparisonOperator.Greater => ComparisonOperator.Less,
        ComparisonOperator.GreaterOrEqual => ComparisonOperator.LessOrEqual,
    };

    private static RecordFilter.Comparison Compare(string property, ComparisonOperator comparison, FilterValue value, bool ignoresCase, int at) =>
        new(property, comparison, Checked(property, value, at), ignoresCase);

    /// <summary>A time where the property has times, a text where it has texts.</summary>
    private static FilterValue Checked(string property, FilterValue value, int at) => RecordProperties.KindOf(property) switch
    {
        RecordPropertyKind.Geometry => throw new Cql2Exception(at, $"{property} is a geometry, which S_INTERSECTS asks for"),
        RecordPropertyKind.Interval => throw new Cql2Exception(at, $"{property} has a begin and an end; T_INTERSECTS and the other functions of times ask for it"),
        RecordPropertyKind.Instant when value.Kind is not (FilterValueKind.Time or FilterValueKind.Text) || !Domain.Time.TimeInterval.TryParse(value.Text, out _) || value.Text.Contains('/', StringComparison.Ordinal) =>
            throw new Cql2Exception(at, $"{property} is a time: TIMESTAMP('2026-01-31T12:00:00Z') or DATE('2026-01-31')"),
        RecordPropertyKind.Instant => value with { Kind = FilterValueKind.Time },
        RecordPropertyKind.Text or RecordPropertyKind.TextList when value.Kind == FilterValueKind.Time => throw new Cql2Exception(at, $"{property} is a text, not a time"),
        RecordPropertyKind.Text or RecordPropertyKind.TextList => value with { Kind = FilterValueKind.Text },
        _ => value,
    };

    private static RecordFilter Negated(bool not, RecordFilter filter) => not ? new RecordFilter.Not(filter) : filter;
}
