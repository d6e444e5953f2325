using FsCheck;
using FsCheck.Fluent;
using GeoWps.Application.Records;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.Records;

/// <summary>CQL2 text, OGC 21-065r2.</summary>
public sealed class Cql2Tests
{
    private static readonly string[] _pieces =
    [
        "title", "\"a b\"", "'x'", "''", "5", "-1.5e3", "TRUE", "AND", "OR", "NOT", "LIKE", "IN", "BETWEEN", "IS", "NULL", "(", ")", ",", "=", "<>", "<", ">=", "casei(", "S_INTERSECTS(", "geometry", "BBOX(", "POINT(",
        "POLYGON((", "1 2", "DATE('2020-01-01')", "TIMESTAMP('x')", "INTERVAL(", "T_AFTER(", "time", "updated", "'", "\"", "§", "\ud800", "\\", " ", "GEOMETRYCOLLECTION(",
    ];

    [Theory]
    [InlineData("title =", 8, "a value")]
    [InlineData("= 5", 1, "the name of a property")]
    [InlineData("title LIKE 5", 12, "a value")]
    [InlineData("title 'x'", 7, "one of =")]
    [InlineData("title = 'x", 9, "closing '")]
    [InlineData("title = 'x' title", 13, "AND, OR or the end")]
    [InlineData("(title = 'x'", 13, "')'")]
    [InlineData("title IN 'x'", 10, "'('")]
    [InlineData("title NOT = 'x'", 11, "LIKE, BETWEEN or IN")]
    [InlineData("title BETWEEN 'a' OR 'b'", 19, "AND")]
    [InlineData("upper(title) = 'X'", 1, "no function upper")]
    [InlineData("S_INTERSECTS(title, POINT(1 2))", 14, "no geometry")]
    [InlineData("S_INTERSECTS(geometry, BBOX(1,2,3))", 28, "4 numbers")]
    [InlineData("S_INTERSECTS(geometry, 'x')", 24, "a geometry")]
    [InlineData("T_AFTER(title, DATE('2020-01-01'))", 9, "no time")]
    [InlineData("T_AFTER(updated, DATE('2020-13-01'))", 23, "a time")]
    [InlineData("updated > 'yesterday'", 1, "is a time")]
    [InlineData("time = DATE('2020-01-01')", 1, "T_INTERSECTS")]
    [InlineData("geometry = 'x'", 1, "S_INTERSECTS")]
    [InlineData("title = 'x' # y", 13, "nothing of the language")]
    [InlineData("title = 1.2.3", 9, "no number")]
    [InlineData("and = 'x'", 1, "the name of a property")]
    public void A_mistake_is_named_with_its_place_and_what_is_expected(string filter, int at, string expected)
    {
        var wrong = Should.Throw<Cql2Exception>(() => Cql2Parser.Parse(filter, isLatitudeFirst: false));

        wrong.At.ShouldBe(at);
        wrong.Message.ShouldContain(expected);
    }

    [Fact]
    public void And_binds_before_or_and_not_before_both()
    {
        var any = Cql2Parser.Parse("NOT a = 1 AND b = 2 OR c = 3", false).ShouldBeOfType<RecordFilter.Any>();
        var all = any.Parts[0].ShouldBeOfType<RecordFilter.All>();
        all.Parts[0].ShouldBeOfType<RecordFilter.Not>();
        all.Parts[1].ShouldBe(new RecordFilter.Comparison("b", ComparisonOperator.Equal, new FilterValue("2", FilterValueKind.Number), false));
        any.Parts[1].ShouldBe(new RecordFilter.Comparison("c", ComparisonOperator.Equal, new FilterValue("3", FilterValueKind.Number), false));
    }

    [Fact]
    public void Quotation_marks_stand_in_texts_and_names()
    {
        Cql2Parser.Parse("title = 'it''s'", false).ShouldBe(new RecordFilter.Comparison("title", ComparisonOperator.Equal, new FilterValue("it's", FilterValueKind.Text), false));
        Cql2Parser.Parse("\"my shelf\" = 'A'", false).ShouldBe(new RecordFilter.Comparison("my shelf", ComparisonOperator.Equal, new FilterValue("A", FilterValueKind.Text), false));
    }

    [Fact]
    public void Coordinates_are_in_the_order_of_filter_crs()
    {
        Cql2Parser.Parse("S_INTERSECTS(geometry, POINT(59 10))", isLatitudeFirst: true).ShouldBe(new RecordFilter.Meets(new Extent(10, 59, 10, 59)));
        Cql2Parser.Parse("S_INTERSECTS(geometry, BBOX(58, 9, 60, 11))", isLatitudeFirst: true).ShouldBe(new RecordFilter.Meets(new Extent(9, 58, 11, 60)));
    }

    [Fact]
    public void Depth_length_and_number_are_bounded()
    {
        Should.Throw<Cql2Exception>(() => Cql2Parser.Parse(new string('(', 20_000), false)).Message.ShouldContain("at most 64 times");
        Should.Throw<Cql2Exception>(() => Cql2Parser.Parse(string.Concat(Enumerable.Repeat("NOT ", 5_000)), false)).Message.ShouldContain("at most 64 times");
        Should.Throw<Cql2Exception>(() => Cql2Parser.Parse($"S_INTERSECTS(geometry, POLYGON{new string('(', 5_000)}", false));
        Should.Throw<Cql2Exception>(() => Cql2Parser.Parse(string.Join(" OR ", Enumerable.Repeat("a=1", 501)), false)).Message.ShouldContain("at most 500");
        Should.Throw<Cql2Exception>(() => Cql2Parser.Parse(new string(' ', Cql2Parser.MaxLength + 1), false));
    }

    [Fact]
    public void Whatever_is_written_is_a_filter_or_a_mistake_within_the_text() => Prop.ForAll(
        Gen.Elements(_pieces).ListOf().ToArbitrary(),
        pieces =>
        {
            var filter = string.Join(' ', pieces);
            try
            {
                Cql2Parser.Parse(filter, false).ShouldNotBeNull();
            }
            catch (Cql2Exception wrong)
            {
                wrong.At.ShouldBeInRange(1, filter.Length + 1);
            }
        }).QuickCheckThrowOnFailure();
}
