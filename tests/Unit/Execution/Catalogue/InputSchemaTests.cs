using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Tests.Unit.Execution.Catalogue;

/// <summary>The schema of each type of parameter.</summary>
public sealed class InputSchemaTests
{
    [Theory]
    [InlineData("number", """{"data_type": 1}""", """{"type":"number"}""")]
    [InlineData("number", """{"data_type": 1, "min": 0.5, "max": 2}""", """{"type":"number","minimum":0.5,"maximum":2}""")]
    [InlineData("number", """{"data_type": 0, "min": 1, "max": 100}""", """{"type":"integer","minimum":1,"maximum":100}""")]
    [InlineData("number", """{"data_type": 0, "min": 1.0}""", """{"type":"integer","minimum":1}""")]
    [InlineData("distance", """{"data_type": 0}""", """{"type":"number"}""")]
    [InlineData("distance", """{"data_type": 1, "min": 0}""", """{"type":"number","minimum":0}""")]
    [InlineData("scale", "{}", """{"type":"number"}""")]
    [InlineData("duration", "{}", """{"type":"number"}""")]
    [InlineData("area", "{}", """{"type":"number"}""")]
    [InlineData("volume", "{}", """{"type":"number"}""")]
    [InlineData("boolean", "{}", """{"type":"boolean"}""")]
    [InlineData("string", "{}", """{"type":"string"}""")]
    [InlineData("expression", "{}", """{"type":"string"}""")]
    [InlineData("relief_colors", "{}", """{"type":"string"}""")]
    [InlineData("raster_calc_expression", "{}", """{"type":"string"}""")]
    [InlineData("coordinateoperation", "{}", """{"type":"string"}""")]
    [InlineData("crs", "{}", """{"type":"string"}""")]
    [InlineData("field", "{}", """{"type":"string"}""")]
    [InlineData("field", """{"allow_multiple": true}""", """{"type":"array","items":{"type":"string"}}""")]
    [InlineData("band", "{}", """{"type":"integer","minimum":1}""")]
    [InlineData("band", """{"allow_multiple": true}""", """{"type":"array","items":{"type":"integer","minimum":1}}""")]
    [InlineData("range", "{}", """{"type":"array","items":{"type":"number"},"minItems":2}""")]
    [InlineData("datetime", """{"type": 0}""", """{"type":"string","format":"date-time"}""")]
    [InlineData("datetime", """{"type": 1}""", """{"type":"string","format":"date"}""")]
    [InlineData("datetime", """{"type": 2}""", """{"type":"string","format":"time"}""")]
    [InlineData("matrix", "{}", """{"type":"array","items":{}}""")]
    [InlineData("meshdatasetgroups", "{}", """{"type":"array","items":{"type":"integer"}}""")]
    [InlineData("meshdatasettime", "{}", """{"type":"object"}""")]
    [InlineData("aggregates", "{}", """{"type":"array","items":{"type":"object"}}""")]
    [InlineData("fields_mapping", "{}", """{"type":"array","items":{"type":"object"}}""")]
    public void A_type_has_its_schema(string type, string map, string schema) => Schema(type, map).ToJsonString().ShouldBe(schema);

    [Theory]
    [InlineData("#00ff7F", true)]
    [InlineData("#8000ff7f", true)]
    [InlineData("#00ff7", false)]
    [InlineData("red", false)]
    [InlineData("#00ff7g", false)]
    public void A_colour_has_a_pattern(string text, bool fits) => Regex.IsMatch(text, (string)Schema("color")["pattern"]!).ShouldBe(fits);

    [Fact]
    public void A_choice_is_an_index_that_has_its_label_or_the_label()
    {
        Schema("enum", """{"options": ["Round", "Flat"]}""").ToJsonString().ShouldBe(
            """{"oneOf":[{"type":"integer","enum":[0],"title":"Round"},{"type":"integer","enum":[1],"title":"Flat"},{"type":"string","enum":["Round","Flat"]}]}""");
    }

    [Fact]
    public void Several_choices_are_an_array_without_repetition()
    {
        var schema = Schema("enum", """{"options": ["a", "b"], "allow_multiple": true}""");

        ((string)schema["type"]!).ShouldBe("array");
        ((bool)schema["uniqueItems"]!).ShouldBeTrue();
        schema["items"]!["oneOf"]!.AsArray().Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"options": ["UTF-8", "CP1252"], "uses_static_strings": true}""", """{"type":"string","enum":["UTF-8","CP1252"]}""")]
    [InlineData(
        """{"options": ["a", "b"], "uses_static_strings": true, "allow_multiple": true}""",
        """{"type":"array","items":{"type":"string","enum":["a","b"]},"uniqueItems":true}""")]
    [InlineData("""{"options": []}""", """{"type":"string"}""")]
    [InlineData("""{"options": ["a", "a"], "uses_static_strings": true}""", """{"type":"string","enum":["a"]}""")]
    public void A_choice_among_texts_has_no_index(string map, string schema) => Schema("enum", map).ToJsonString().ShouldBe(schema);

    [Theory]
    [InlineData("extent", "ogc-bbox")]
    [InlineData("point", "geojson-geometry")]
    [InlineData("geometry", "geojson-geometry")]
    public void A_place_is_an_object_or_a_text(string type, string format)
    {
        var alternatives = Schema(type)["oneOf"]!.AsArray();

        ((string)alternatives[0]!["allOf"]![0]!["format"]!).ShouldBe(format);
        alternatives[1]!.ToJsonString().ShouldBe("""{"type":"string"}""");
        alternatives.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("vectortilewriterlayers")]
    [InlineData("tininputlayers")]
    [InlineData("dxflayers")]
    [InlineData("idw_interpolation_data")]
    public void A_structure_is_an_array_of_objects_with_a_layer(string type)
    {
        var schema = Schema(type);

        ((int)schema["minItems"]!).ShouldBe(1);
        schema["items"]!["required"]!.ToJsonString().ShouldBe("""["layer"]""");
    }

    [Theory]
    [InlineData("providerconnection")]
    [InlineData("pointcloud")]
    [InlineData("alignrasterlayers")]
    public void A_type_without_a_form_on_the_web_has_no_schema(string type) => InputMapping.Schema(Described.Parameter("A", type)).ShouldBeNull();

    private static JsonObject Schema(string type, string map = "{}") => InputMapping.Schema(Described.Parameter("A", type, map)).ShouldNotBeNull();
}
