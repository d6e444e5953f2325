using System.Text.Json.Nodes;
using GeoWps.Application.Processes;
using Shouldly;

namespace GeoWps.Tests.Unit.Processes;

public sealed class TypedTextTests
{
    private const string Choice =
        """{"oneOf": [{"type": "integer", "enum": [0], "title": "Round"}, {"type": "integer", "enum": [1], "title": "Flat"}, {"type": "string", "enum": ["Round", "Flat"]}]}""";

    [Theory]
    [InlineData("""{"type": "string"}""", "12", "\"12\"")]
    [InlineData("""{"type": "string"}""", " a b ", "\" a b \"")]
    [InlineData("""{"type": "integer"}""", " 12 ", "12")]
    [InlineData("""{"type": "integer"}""", "123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("""{"type": "number"}""", "3.50", "3.50")]
    [InlineData("""{"type": "number"}""", "+.5", "0.5")]
    [InlineData("""{"type": "number"}""", "1e3", "1e3")]
    [InlineData("""{"type": "boolean"}""", "True", "true")]
    [InlineData("""{"type": "boolean"}""", "0", "false")]
    [InlineData("""{"type": "array", "items": {"type": "integer"}}""", "1,2", "[1,2]")]
    [InlineData("""{"type": "array", "items": {"type": "string"}}""", "[\"a,b\"]", "[\"a,b\"]")]
    [InlineData("""{"type": "object"}""", "{\"a\": 1}", "{\"a\":1}")]
    [InlineData(Choice, "1", "1")]
    [InlineData(Choice, "Flat", "\"Flat\"")]
    public void Text_becomes_what_the_schema_asks_for(string schema, string text, string json) => Convert(schema, text).ShouldBe(json);

    [Theory]
    [InlineData("""{"type": "integer"}""", "1.5")]
    [InlineData("""{"type": "number"}""", "NaN")]
    [InlineData("""{"type": "number"}""", "1,5")]
    [InlineData("""{"type": "boolean"}""", "yes")]
    [InlineData("""{"type": "object"}""", "{\"a\": ")]
    [InlineData(Choice, "2")]
    public void What_fits_no_alternative_stays_text(string schema, string text) => Convert(schema, text).ShouldBe(JsonValue.Create(text).ToJsonString());

    private static string Convert(string schema, string text) => TypedText.ToJson(JsonNode.Parse(schema)!.AsObject(), text).ToJsonString();
}
