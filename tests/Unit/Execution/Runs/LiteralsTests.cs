using GeoWps.Adapters.Execution.Runs;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>Values in the form that QGIS takes.</summary>
public sealed class LiteralsTests
{
    [Theory]
    [InlineData("number", "1.50", "1.50")]
    [InlineData("boolean", "true", "true")]
    [InlineData("string", "\"a\"", "\"a\"")]
    [InlineData("string", "null", "null")]
    [InlineData("field", """["a","b"]""", """["a","b"]""")]
    [InlineData("extent", "\"1,2,3,4\"", "\"1,2,3,4\"")]
    [InlineData("aggregates", """[{"input":"a","aggregate":"sum"}]""", """[{"input":"a","aggregate":"sum"}]""")]
    [InlineData("range", "[1, 2.50]", "\"1,2.50\"")]
    [InlineData("range", "[-1e3, 0]", "\"-1e3,0\"")]
    [InlineData("matrix", "[1, 2, 3]", "[1,2,3]")]
    [InlineData("matrix", """[[0, 1, "a"], [1, 2, "b"]]""", """[0,1,"a",1,2,"b"]""")]
    [InlineData("meshdatasettime", """{"type":"static"}""", """{"type":"static"}""")]
    public void A_value_stands_for_itself(string type, string json, string plain) => Value(type, "{}", json).ShouldBe($$"""{"v":{{plain}}}""");

    [Theory]
    [InlineData("extent", """{"bbox":[1,2,3,4],"crs":"http://www.opengis.net/def/crs/EPSG/0/3857"}""")]
    [InlineData("point", """{"type":"Point","coordinates":[1,2]}""")]
    [InlineData("geometry", """{"type":"Polygon","coordinates":[]}""")]
    public void A_place_is_marked_as_one(string type, string json) => Value(type, "{}", json).ShouldBe($$"""{"place":{{json}}}""");

    [Theory]
    [InlineData("""{"options":["a","b"]}""", "1", "1")]
    [InlineData("""{"options":["a","b"]}""", "\"b\"", "1")]
    [InlineData("""{"options":["a","b","b"]}""", "\"b\"", "1")]
    [InlineData("""{"options":["1","0"]}""", "\"0\"", "1")]
    [InlineData("""{"options":["a","b"],"allow_multiple":true}""", """["b",0,"a"]""", "[1,0,0]")]
    [InlineData("""{"options":["a","b"],"allow_multiple":true}""", "[]", "[]")]
    [InlineData("""{"options":["a","b"]}""", "\"B\"", "\"B\"")]
    [InlineData("""{"options":["a","b"],"uses_static_strings":true}""", "\"b\"", "\"b\"")]
    [InlineData("""{"options":["a","b"],"uses_static_strings":true,"allow_multiple":true}""", """["b"]""", """["b"]""")]
    public void A_choice_becomes_the_index_that_QGIS_counts(string map, string json, string plain) => Value("enum", map, json).ShouldBe($$"""{"v":{{plain}}}""");

    private static string Value(string type, string map, string json) =>
        Literals.Value(Described.Parameter("A", type, map), Described.Json(json)).ToJsonString();
}
