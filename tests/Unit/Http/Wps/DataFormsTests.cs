using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Wps.Forms;

namespace GeoWps.Tests.Unit.Http.Wps;

public sealed class DataFormsTests
{
    [Theory]
    [InlineData("""{"type": "string"}""", "string")]
    [InlineData("""{"type": "integer"}""", "integer")]
    [InlineData("""{"type": "number", "nullable": true}""", "double")]
    [InlineData("""{"type": "boolean"}""", "boolean")]
    [InlineData("""{"type": "string", "format": "date-time"}""", "dateTime")]
    [InlineData("""{"type": "string", "format": "date"}""", "date")]
    [InlineData("""{"type": "string", "format": "uri"}""", "anyURI")]
    public void A_plain_value_is_a_literal(string schema, string dataType) => Of<DataForm.Literal>(schema).DataType.ShouldBe(dataType);

    [Fact]
    public void A_choice_is_known_by_its_numbers_and_says_what_they_mean()
    {
        const string Schema =
            """
            {"oneOf": [{"type": "integer", "enum": [0], "title": "Round"}, {"type": "integer", "enum": [1], "title": "Flat"},
             {"type": "string", "enum": ["Round", "Flat"]}], "default": 1}
            """;
        var literal = Of<DataForm.Literal>(Schema);

        literal.DataType.ShouldBe("integer");
        literal.Allowed.ShouldBe(["0", "1"]);
        literal.Default.ShouldBe("1");
        LiteralForms.Choices(Parse(Schema)).ShouldBe("0: Round, 1: Flat");
    }

    [Theory]
    [InlineData("""{"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 100}""", "0", "100", "open-closed")]
    [InlineData("""{"type": "integer", "minimum": 1}""", "1", null, "closed")]
    [InlineData("""{"type": "number", "maximum": 2.5, "exclusiveMaximum": true}""", null, "2.5", "closed-open")]
    public void Bounds_are_a_range(string schema, string? least, string? most, string closure) =>
        Of<DataForm.Literal>(schema).Range.ShouldBe(new LiteralRange(least, most, closure));

    [Fact]
    public void A_box_is_a_box_though_it_may_be_a_text()
    {
        const string Schema = """{"oneOf": [{"allOf": [{"format": "ogc-bbox"}, {"$ref": "http://example.org/bbox.yaml"}]}, {"type": "string"}]}""";
        DataForms.Of(Parse(Schema), []).ShouldBeOfType<DataForm.Box>();
    }

    [Fact]
    public void What_has_media_types_is_complex_with_GeoJSON_first()
    {
        const string Schema =
            """
            {"oneOf": [{"type": "string", "contentMediaType": "application/gml+xml"}, {"type": "string", "contentEncoding": "binary", "contentMediaType": "application/zip"},
             {"allOf": [{"format": "geojson-feature-collection"}, {"$ref": "https://geojson.org/schema/FeatureCollection.json"}]}]}
            """;
        Of<DataForm.Complex>(Schema).Formats.ShouldBe(
            [new DataFormat("application/geo+json", null, null), new DataFormat("application/gml+xml", null, null), new DataFormat("application/zip", "base64", null)]);
        var ofOutput = (DataForm.Complex)DataForms.Of(Parse(Schema), ["application/zip", "application/geo+json", "application/gml+xml"]);
        ofOutput.Default.MediaType.ShouldBe("application/zip");
    }

    [Theory]
    [InlineData("""{"type": "array", "items": {"type": "integer"}}""")]
    [InlineData("""{"type": "object", "properties": {"a": {"type": "string"}}}""")]
    [InlineData("{}")]
    public void Arrays_objects_and_anything_are_complex_JSON(string schema)
    {
        Of<DataForm.Complex>(schema).Formats.ShouldBe([new DataFormat("application/json", null, null)]);
        DataForms.TakesStructures(Parse(schema)).ShouldBeTrue();
    }

    [Fact]
    public void JSON_that_is_a_text_is_no_structure() =>
        DataForms.TakesStructures(Parse("""{"oneOf": [{"type": "string", "contentMediaType": "text/xml"}, {"type": "string", "contentMediaType": "application/json"}]}""")).ShouldBeFalse();

    private static T Of<T>(string schema)
        where T : DataForm => DataForms.Of(Parse(schema), []).ShouldBeOfType<T>();

    private static JsonObject Parse(string schema) => JsonNode.Parse(schema)!.AsObject();
}
