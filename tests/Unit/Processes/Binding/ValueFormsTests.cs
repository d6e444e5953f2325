using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes.Binding;

public sealed class ValueFormsTests
{
    private const string Number = """{"type": "number", "minimum": 0}""";
    private const string Text = """{"type": "string"}""";
    private const string Xml = """{"oneOf": [{"type": "string", "contentMediaType": "text/xml"}, {"type": "string", "contentMediaType": "application/json"}]}""";
    private const string Image = """{"type": "string", "contentEncoding": "binary", "contentMediaType": "image/tiff"}""";
    private const string Box = """{"allOf": [{"format": "ogc-bbox"}, {"$ref": "bbox.yaml"}]}""";
    private const string Geometry = """{"oneOf": [{"type": "string", "contentMediaType": "application/gml+xml; version=3.2"}, {"format": "geojson-geometry"}]}""";
    private const string Array = """{"type": "array", "items": {"type": "integer"}}""";
    private const string Measure = """{"type": "object", "required": ["uom"], "properties": {"uom": {"type": "string"}}}""";
    private const string Point = """{"type": "Point", "coordinates": [1, 2]}""";

    [Theory]
    [InlineData(Number, "1.50", "1.50")]
    [InlineData(Number, """{"value": 2}""", "2")]
    [InlineData(Number, """{"value": 2, "mediaType": "text/plain"}""", "2 as text/plain")]
    [InlineData(Text, "\"a\"", "\"a\"")]
    [InlineData(Text, """{"value": "a", "format": null, "encoding": "UTF-8"}""", "\"a\"")]
    [InlineData(Array, "[1, 2]", "[1, 2] as application/json")]
    [InlineData(Array, """{"value": [1]}""", "[1] as application/json")]
    [InlineData(Xml, "\"<a/>\"", "\"<a/>\" as text/xml")]
    [InlineData(Xml, "\"[1]\"", "\"[1]\" as application/json")]
    [InlineData(Xml, """{"value": "<a/>", "mediaType": "application/xml"}""", "\"<a/>\" as application/xml")]
    [InlineData(Xml, """{"value": "<a/>", "format": {"mediaType": "text/xml"}}""", "\"<a/>\" as text/xml")]
    [InlineData(Image, "\"TWFu\"", "\"TWFu\" as image/tiff in base64")]
    [InlineData(Image, """{"value": "TWFu", "encoding": "binary", "mediaType": "image/tiff; application=geotiff"}""", "\"TWFu\" as image/tiff; application=geotiff in base64")]
    [InlineData(Image, """{"value": "TWFu", "format": {"mediaType": "image/geotiff", "encoding": "Base64"}}""", "\"TWFu\" as image/geotiff in base64")]
    [InlineData(Box, """{"bbox": [1, 2, 3, 4]}""", """{"bbox": [1, 2, 3, 4]} as application/json""")]
    [InlineData(Box, """{"value": {"bbox": [1, 2, 3, 4]}}""", """{"bbox": [1, 2, 3, 4]} as application/json""")]
    [InlineData(Geometry, Point, Point + " as application/geo+json")]
    [InlineData(Geometry, """{"value": {"type": "Point", "coordinates": [1, 2]}, "mediaType": "application/json"}""", Point + " as application/json")]
    [InlineData(Geometry, "\"<a/>\"", "\"<a/>\" as application/gml+xml; version=3.2")]
    [InlineData(Measure, """{"value": {"uom": "m"}}""", """{"uom": "m"} as application/json""")]
    [InlineData(Number, """{"href": "http://a/b"}""", "http://a/b")]
    [InlineData(Number, """{"href": "http://a/b", "type": "application/octet-stream"}""", "http://a/b as application/octet-stream")]
    [InlineData(Xml, """{"href": "http://a/b#layer", "type": "text/xml"}""", "http://a/b#layer as text/xml")]
    [InlineData(Image, """{"href": "http://a/b", "format": {"mediaType": "image/tiff", "encoding": "base64"}}""", "http://a/b as image/tiff in base64")]
    [InlineData(Image, """{"href": "/jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/A"}""", "/jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/A")]
    public void A_value_may_come_in_any_form_of_the_standard(string schema, string value, string bound) =>
        Bound.Say(Bound.Values(Bound.Input("A", schema), value).ShouldHaveSingleItem()).ShouldBe(bound);

    [Theory]
    [InlineData(Number, "-1", "A: must be at least 0 (got -1)")]
    [InlineData(Number, "\"1\"", "A: must be a number (got a string)")]
    [InlineData(Number, """{"value": -1}""", "A: must be at least 0 (got -1)")]
    [InlineData(Number, """{"number": 1}""", "A: an object must be given as {\"value\": …}, or by reference as {\"href\": …}")]
    [InlineData(Number, """{"value": 1, "href": "http://a"}""", "A: must be given by value or by href, not both")]
    [InlineData(Number, """{"value": 1, "mediaType": "image/png"}""", "A: takes no media type (got image/png)")]
    [InlineData(Number, """{"value": 1, "encoding": "base64"}""", "A: can't be given in base64")]
    [InlineData(Number, """{"value": 1, "encoding": "gzip"}""", "A: encoding must be base64 or left out (got gzip)")]
    [InlineData(Number, """{"value": 1, "mediaType": 5}""", "A: mediaType must be a string")]
    [InlineData(Number, """{"value": 1, "format": "text/plain"}""", "A: format must be an object")]
    [InlineData(Number, """{"href": ""}""", "A: href must be an address")]
    [InlineData(Number, """{"href": 5}""", "A: href must be an address")]
    [InlineData(Number, """{"href": "http://inner/"}""", "A: its host may not be reached")]
    [InlineData(Xml, """{"value": "<a/>", "mediaType": "image/png"}""", "A: media type must be text/xml or application/json (got image/png)")]
    [InlineData(Xml, """{"href": "http://a", "type": "image/png"}""", "A: media type must be text/xml or application/json (got image/png)")]
    [InlineData(Xml, """{"value": "[1]", "mediaType": "text/xml"}""", "A: must be well-formed XML without a document type (line 1, column 1)")]
    [InlineData(Image, "\"?\"", "A: must be base64")]
    [InlineData(Image, """{"a": "b"}""", "A: an object must be given as {\"value\": …}, or by reference as {\"href\": …}")]
    [InlineData(Box, """{"bbox": [1]}""", "A: must be a bounding box: bbox must be an array of 4 or 6 numbers")]
    [InlineData(Measure, """{"uom": "m"}""", "A: an object must be given as {\"value\": …}, or by reference as {\"href\": …}")]
    [InlineData(Measure, """{"value": {}}""", "A: must have uom")]
    [InlineData(Array, """[1, "b"]""", "A[1]: must be an integer (got a string)")]
    public void A_value_that_is_wrong_is_told_what_would_be_right(string schema, string value, string mistake) =>
        Bound.Mistakes(Bound.Input("A", schema), value).ShouldBe([mistake]);

    [Fact]
    public void A_text_in_base64_is_the_same_file() =>
        Bound.Say(Bound.Values(Bound.Input("A", """{"type": "string", "contentMediaType": "text/csv"}"""), """{"value": "TWFu", "encoding": "base64"}""")[0])
            .ShouldBe("\"TWFu\" as text/csv in base64");

    [Fact]
    public void An_input_may_have_to_stand_in_the_request() =>
        Bound.Mistakes(Bound.Input("A", Number) with { ByReference = false }, """{"href": "http://a"}""").ShouldBe(["A: can't be given by reference"]);

    [Fact]
    public void References_deeper_inside_a_value_obey_the_same_rules()
    {
        var input = Bound.Input("A", """{"type": "array", "items": {"type": "object", "properties": {"layer": {"properties": {"href": {"type": "string"}}}}}}""");

        Bound.Mistakes(input, """[{"layer": {"href": "http://inner/"}}, {"layer": {"href": ""}}, {"layer": {"href": "http://a"}}]""")
            .ShouldBe(["A[0].layer: its host may not be reached", "A[1].layer: href must be an address"]);
    }

    [Fact]
    public void What_was_moved_out_stands_for_its_kind()
    {
        var text = new Attachment(0, JsonValueKind.String, 100_000);

        Bound.Say(Bound.Values(Bound.Input("A", Xml), """{"value": {"$attachment": 0}, "mediaType": "text/xml"}""", text)[0]).ShouldBe("{\"$attachment\": 0} as text/xml");
        Bound.Say(Bound.Values(Bound.Input("A", Image), """{"$attachment": 0}""", text)[0]).ShouldBe("{\"$attachment\": 0} as image/tiff in base64");
        Bound.Request(Bound.Process(Bound.Input("A", Number)), """{"inputs": {"A": {"$attachment": 0}}}""", attachments: text)
            .Mistakes.ShouldBe([new Mistake("A", "must be a number (got a string)")]);
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("[5]", "5")]
    [InlineData("[5, 6]", "5; 6")]
    [InlineData("""[5, {"value": 6}, {"href": "http://a"}]""", "5; 6; http://a")]
    public void Where_several_are_allowed_an_array_holds_them(string value, string bound) =>
        string.Join("; ", Bound.Values(Bound.Input("A", Number, maxOccurs: 3), value).Select(Bound.Say)).ShouldBe(bound);

    [Theory]
    [InlineData("[1, 2]", "[1, 2] as application/json")]
    [InlineData("[[1, 2], [3]]", "[1, 2] as application/json; [3] as application/json")]
    [InlineData("""[{"value": [1, 2]}, {"value": [3]}]""", "[1, 2] as application/json; [3] as application/json")]
    public void An_array_of_arrays_is_several_values_and_an_array_is_one(string value, string bound) =>
        string.Join("; ", Bound.Values(Bound.Input("A", Array, maxOccurs: 3), value).Select(Bound.Say)).ShouldBe(bound);

    [Fact]
    public void Each_of_several_values_is_named_by_its_place() =>
        Bound.Mistakes(Bound.Input("A", Number, maxOccurs: 9), """[1, -1, "x", {"value": -2}, {"href": ""}]""").ShouldBe(
        [
            "A[1]: must be at least 0 (got -1)",
            "A[2]: must be a number (got a string)",
            "A[3]: must be at least 0 (got -2)",
            "A[4]: href must be an address",
        ]);
}
