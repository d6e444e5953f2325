using static GeoWps.Tests.Unit.Formats.Conversion;

namespace GeoWps.Tests.Unit.Formats;

public sealed class GeoJsonRefusalTests
{
    [Theory]
    [InlineData("Point", "[[1,2]]", "coordinates of a Point must be a position")]
    [InlineData("LineString", "[1,2]", "coordinates of a LineString must be an array of positions")]
    [InlineData("MultiPoint", "[[[1,2]]]", "coordinates of a MultiPoint must be an array of positions")]
    [InlineData("Polygon", "[[1,2],[3,4]]", "coordinates of a Polygon must be an array of rings, each an array of positions")]
    [InlineData("MultiLineString", "[[1,2]]", "coordinates of a MultiLineString must be an array of lines, each an array of positions")]
    [InlineData("MultiPolygon", "[[[1,2]]]", "coordinates of a MultiPolygon must be an array of polygons, each an array of rings, each an array of positions")]
    [InlineData("Point", "{}", "coordinates of a Point must be a position")]
    [InlineData("Point", "[1]", "a position needs two numbers or more")]
    [InlineData("Point", "[1,1e400]", "a coordinate that is too large")]
    [InlineData("Point", "[1,NaN]", "expected a number, not 'N'")]
    [InlineData("Point", "[1,null]", "expected a number, not 'n'")]
    [InlineData("Point", "[1,01]", "expected a number, not '0'")]
    [InlineData("Circle", "[1,2]", "unknown geometry type \"Circle\"")]
    public async Task AWrongGeometryIsRefusedWithFeatureAndReason(string type, string coordinates, string reason)
    {
        foreach (var geometry in new[]
        {
            $$"""{"type":"{{type}}","coordinates":{{coordinates}}}""",
            $$"""{"coordinates":{{coordinates}},"type":"{{type}}"}""",
        })
        {
            var message = await RefusalOfAsync(Collection(Feature("{}"), Feature("{}", geometry)));
            message.ShouldStartWith("feature 2 (line 2, byte ");
            if (coordinates != "[1,NaN]" && coordinates != "[1,01]")
            {
                message.ShouldEndWith($"): {reason}");
            }
        }
    }

    [Theory]
    [InlineData("", "line 1, byte 0: expected a GeoJSON object, but the text ends")]
    [InlineData("[1]", "line 1, byte 0: expected a GeoJSON object, not '['")]
    [InlineData("{}", "line 1, byte 2: a GeoJSON object needs a \"type\"")]
    [InlineData("""{"type":"FeatureCollection"}""", "line 1, byte 28: a FeatureCollection needs \"features\"")]
    [InlineData("""{"type":"FeatureCollection","features":{}}""", "line 1, byte 39: \"features\" must be an array of features")]
    [InlineData("""{"type":"Topology","objects":{}}""", "line 1, byte 8: unknown GeoJSON type \"Topology\"")]
    [InlineData("""{"type":"FeatureCollection","features":[1]}""", "feature 1 (line 1, byte 40): a feature must be an object")]
    [InlineData("""{"type":"FeatureCollection","features":[]}x""", "line 1, byte 42: expected nothing more behind the GeoJSON object")]
    [InlineData("""{"type":"FeatureCollection","features":[""", "feature 1 (line 1, byte 40): a feature must be an object")]
    [InlineData("""{"type":"Point"}""", "feature 1 (line 1, byte 16): a Point needs \"coordinates\"")]
    [InlineData("""{"type":"GeometryCollection","coordinates":[]}""", "feature 1 (line 1, byte 46): a GeometryCollection needs \"geometries\"")]
    [InlineData("{\n\n\"type\":\"Point\", x}", "line 3, byte 19: expected a name in quotes")]
    public async Task ATextThatIsNoGeoJsonIsRefusedWithItsPlace(string text, string message) =>
        (await RefusalOfAsync(text)).ShouldBe(message);

    [Theory]
    [InlineData("{\"a\":1,}", "expected a name in quotes, not '}'")]
    [InlineData("{\"a\" 1}", "expected ':', not '1'")]
    [InlineData("{\"a\":1 \"b\":2}", "expected ',' or '}', not '\"'")]
    [InlineData("{\"a\":tru}", "expected a value")]
    [InlineData("{\"a\":1.}", "expected a value, not '1'")]
    [InlineData("{\"a\":-}", "expected a value, not '-'")]
    [InlineData("{\"a\":\"\\x\"}", "an unknown escape inside a string")]
    [InlineData("{\"a\":\"\\u12g4\"}", "an unknown escape inside a string")]
    [InlineData("{\"a\":\"\t\"}", "a control character inside a string")]
    [InlineData("{\"a\":1e999}", "a number that is too large")]
    [InlineData("[]", "expected an object of properties or null, not '['")]
    public async Task WrongPropertiesAreRefused(string properties, string reason) =>
        (await RefusalOfAsync(Collection(Feature(properties)))).ShouldEndWith(reason);

    [Fact]
    public async Task DeepNestingIsRefusedWhereverItIs()
    {
        var arrays = new string('[', 10_000) + new string(']', 10_000);
        (await RefusalOfAsync(Collection(Feature("{}", more: $"\"x\":{arrays},")))).ShouldEndWith("nested deeper than 64 levels");
        (await RefusalOfAsync($$"""{"x":{{arrays}},"type":"FeatureCollection","features":[]}""")).ShouldEndWith("nested deeper than 64 levels");
        var geometry = string.Concat(Enumerable.Repeat("""{"type":"GeometryCollection","geometries":[""", 100)) + string.Concat(Enumerable.Repeat("]}", 100));
        (await RefusalOfAsync(Collection(Feature("{}", geometry)))).ShouldEndWith("nested deeper than 64 levels");
    }

    [Fact]
    public async Task AMissingEndIsFoundWhereTheTextEnds()
    {
        var text = Collection(Feature("{}"));
        for (var length = 0; length < text.Length; length++)
        {
            (await RefusalOfAsync(text[..length])).ShouldContain("line 1, byte ");
        }
    }

    [Fact]
    public async Task TextThatIsNotUtf8IsRefused()
    {
        var text = System.Text.Encoding.Latin1.GetBytes(Collection(Feature("{\"a\":\"\u00e4\"}")));
        (await ConvertAsync(text)).Outcome.ToString().ShouldContain("a string that is not valid UTF-8");
    }

    [Fact]
    public async Task AMemberOfFeaturesMustBeAFeature() =>
        (await RefusalOfAsync(Collection("""{"type":"Point","coordinates":[1,2]}"""))).ShouldEndWith("a member of \"features\" must be of type \"Feature\"");
}
