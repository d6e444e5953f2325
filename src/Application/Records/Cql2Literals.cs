using System.Globalization;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Application.Records;

/// <summary>Values of a filter: texts, numbers, times, shapes.</summary>
internal sealed class Cql2Literals(Cql2Cursor cursor, bool isLatitudeFirst)
{
    private static readonly string[] _shapes = ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION", "BBOX"];
    private static readonly string[] _times = ["TIMESTAMP", "DATE", "INTERVAL"];

    public bool IsTime => _times.Any(cursor.Current.Is);

    public static bool IsShape(Cql2Token token) => _shapes.Any(token.Is);

    public static bool Begins(Cql2Token token) => token.Is("TIMESTAMP") || token.Is("DATE");

    public static TemporalOperator? Temporal(string function) =>
        function.StartsWith("t_", StringComparison.OrdinalIgnoreCase) && !char.IsAsciiDigit(function[^1]) && Enum.TryParse<TemporalOperator>(function[2..], ignoreCase: true, out var found) ? found : null;

    /// <summary>The same said of the second about the first.</summary>
    public static TemporalOperator Turn(TemporalOperator one) => one switch
    {
        TemporalOperator.After => TemporalOperator.Before,
        TemporalOperator.Before => TemporalOperator.After,
        TemporalOperator.Contains => TemporalOperator.During,
        TemporalOperator.Disjoint => TemporalOperator.Disjoint,
        TemporalOperator.During => TemporalOperator.Contains,
        TemporalOperator.Equals => TemporalOperator.Equals,
        TemporalOperator.FinishedBy => TemporalOperator.Finishes,
        TemporalOperator.Finishes => TemporalOperator.FinishedBy,
        TemporalOperator.Intersects => TemporalOperator.Intersects,
        TemporalOperator.Meets => TemporalOperator.MetBy,
        TemporalOperator.MetBy => TemporalOperator.Meets,
        TemporalOperator.OverlappedBy => TemporalOperator.Overlaps,
        TemporalOperator.Overlaps => TemporalOperator.OverlappedBy,
        TemporalOperator.StartedBy => TemporalOperator.Starts,
        TemporalOperator.Starts => TemporalOperator.StartedBy,
    };

    /// <param name="isPlain">Whether case counts: not <c>casei('…')</c>.</param>
    public FilterValue Value(out bool isPlain)
    {
        isPlain = true;
        var token = cursor.Current;
        if (token.Kind == Cql2TokenKind.Number)
        {
            cursor.Move();
            return new FilterValue(token.Text, FilterValueKind.Number);
        }

        if (token.Is("TRUE") || token.Is("FALSE"))
        {
            cursor.Move();
            return new FilterValue(token.Is("TRUE") ? "true" : "false", FilterValueKind.Boolean);
        }

        if (Begins(token))
        {
            return new FilterValue(TimeText(), FilterValueKind.Time);
        }

        var text = Text(out var folds);
        isPlain = !folds;
        return new FilterValue(text, FilterValueKind.Text);
    }

    public string Text(out bool ignoresCase)
    {
        ignoresCase = cursor.Current.Is("CASEI");
        if (ignoresCase)
        {
            cursor.Move();
            cursor.ExpectSign("(");
        }

        var token = cursor.Current;
        if (token.Kind != Cql2TokenKind.Text)
        {
            throw cursor.Expected("a value ('text', a number, TRUE, FALSE, TIMESTAMP('…'), DATE('…'))");
        }

        cursor.Move();
        if (ignoresCase)
        {
            cursor.ExpectSign(")");
        }

        return token.Text;
    }

    public TimeInterval Time()
    {
        if (!cursor.Current.Is("INTERVAL"))
        {
            return Begins(cursor.Current) ? Interval(cursor.Current.At, TimeText()) : throw cursor.Expected("TIMESTAMP('…'), DATE('…') or INTERVAL('…','…')");
        }

        var at = cursor.Current.At;
        cursor.Move();
        cursor.ExpectSign("(");
        var from = End();
        cursor.ExpectSign(",");
        var to = End();
        cursor.ExpectSign(")");
        return Interval(at, $"{from}/{to}");
    }

    /// <summary>A shape; a box across the antimeridian is two.</summary>
    public IReadOnlyList<RecordFilter.Meets> Shape()
    {
        if (!IsShape(cursor.Current))
        {
            throw cursor.Expected($"a geometry ({string.Join(", ", _shapes)})");
        }

        return cursor.Take("BBOX") ? [.. Box().Select(area => new RecordFilter.Meets(area))] : [new Cql2Shapes(cursor, isLatitudeFirst).Read()];
    }

    private static TimeInterval Interval(int at, string text) => TimeInterval.TryParse(text, out var interval)
        ? interval
        : throw new Cql2Exception(at, $"'{text}' is no time, or ends before it begins: 2026-01-31, 2026-01-31T12:00:00Z, '..' for an open end");

    private string TimeText()
    {
        cursor.Move();
        cursor.ExpectSign("(");
        var token = cursor.Current;
        if (token.Kind != Cql2TokenKind.Text || token.Text.Contains('/', StringComparison.Ordinal) || !TimeInterval.TryParse(token.Text, out _))
        {
            throw cursor.Expected("a time ('2026-01-31T12:00:00Z', '2026-01-31')");
        }

        cursor.Move();
        cursor.ExpectSign(")");
        return token.Text;
    }

    private string End()
    {
        if (Begins(cursor.Current))
        {
            return TimeText();
        }

        var text = Text(out _);
        return text;
    }

    private IReadOnlyList<Extent> Box()
    {
        var at = cursor.Current.At;
        cursor.ExpectSign("(");
        List<double> numbers = [Number()];
        while (cursor.TakeSign(","))
        {
            numbers.Add(Number());
        }

        cursor.ExpectSign(")");
        double[] flat = numbers.Count switch
        {
            4 => [.. numbers],
            6 => [numbers[0], numbers[1], numbers[3], numbers[4]],
            _ => throw new Cql2Exception(at, "BBOX has 4 numbers, or 6"),
        };
        if (isLatitudeFirst)
        {
            flat = [flat[1], flat[0], flat[3], flat[2]];
        }

        return flat[1] > flat[3] ? throw new Cql2Exception(at, "the south of BBOX is north of its north") : RecordAreas.Of(flat[0], flat[1], flat[2], flat[3]);
    }

    private double Number() => Number(cursor);

    internal static double Number(Cql2Cursor cursor)
    {
        var token = cursor.Current;
        if (token.Kind != Cql2TokenKind.Number)
        {
            throw cursor.Expected("a number");
        }

        cursor.Move();
        return double.Parse(token.Text, CultureInfo.InvariantCulture);
    }
}
