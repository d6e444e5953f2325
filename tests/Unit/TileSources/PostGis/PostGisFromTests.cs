using GeoWps.Adapters.TileSources;
using GeoWps.Adapters.TileSources.PostGis;

namespace GeoWps.Tests.Unit.TileSources.PostGis;

public sealed class PostGisFromTests
{
    [Theory]
    [InlineData("towns", "\"towns\"")]
    [InlineData(" My Maps.Towns ", "\"My Maps\".\"Towns\"")]
    [InlineData("\"a.b\".\"c\"\"d\"", "\"a.b\".\"c\"\"d\"")]
    [InlineData("x; DROP TABLE y --", "\"x; DROP TABLE y --\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("(SELECT 1)", "(SELECT 1)")]
    [InlineData("(SELECT ')' || $t$)$t$ /* ) */, E'\\')' AS \")\" -- )\n)", "(SELECT ')' || $t$)$t$ /* ) */, E'\\')' AS \")\" -- )\n)")]
    public void Tables_are_quoted_and_queries_stand_in_their_bracket(string text, string sql)
    {
        PostGisFrom.TryParse(text, out var from).ShouldBeTrue();
        from!.Sql.ShouldBe(sql);
        from.IsQuery.ShouldBe(sql[0] == '(');
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("\"a")]
    [InlineData("\"a\"b")]
    [InlineData("(SELECT 1) x, (SELECT 2)")]
    [InlineData("(SELECT 1")]
    [InlineData("(SELECT 1))")]
    [InlineData("(SELECT 1; DELETE FROM a)")]
    [InlineData("(SELECT ')")]
    [InlineData("(SELECT 1 -- )")]
    [InlineData("(SELECT $$)")]
    public void What_is_neither_is_refused(string text) => PostGisFrom.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_connection_that_can_not_be_read_stops_the_start_and_is_not_shown()
    {
        var options = new SourcesOptions { Connections = new() { ["main"] = "Host=db;Password=secret;Nonsense=1", ["a b"] = "Host=db", ["empty"] = "" } };
        var failures = new SourcesOptionsValidator().Validate(null, options).Failures!.ToArray();
        failures.Length.ShouldBe(3);
        failures.ShouldAllBe(line => !line.Contains("secret"));
        new SourcesOptionsValidator().Validate(null, new SourcesOptions { Connections = new() { ["city-1"] = "Host=db;Database=city" } }).Succeeded.ShouldBeTrue();
    }
}
