using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes.Echo;

public sealed class EchoTests
{
    private readonly EchoBench _bench = new();

    [Fact]
    public void Its_inputs_and_outputs_stand_in_the_order_that_clients_rely_on()
    {
        string[] names = ["literal", "number", "boolean", "date", "array", "image", "geometry", "complex", "boundingBox"];
        var echo = EchoBench.Describe("echo");

        echo.Inputs.Select(input => input.Id).ShouldBe([.. names.Select(name => name + "Input"), "pause"]);
        echo.Outputs.Select(output => output.Id).ShouldBe(names.Select(name => name + "Output"));
        echo.Inputs.Select(input => (input.MinOccurs, input.MaxOccurs)).ShouldBe([(1, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 1), (0, 1), (0, 1)]);
        echo.Inputs[0].Schema.ToJsonString().ShouldBe("""{"type":"string"}""");
        echo.Inputs.Where(input => !input.ByReference).Select(input => input.Id).ShouldBe(["pause"]);
        echo.JobControl.ShouldBe(JobControlOptions.All);
        foreach (var output in echo.Outputs)
        {
            output.Schema.ToJsonString().ShouldBe(echo.FindInput(output.Id.Replace("Output", "Input", StringComparison.Ordinal))!.Schema.ToJsonString());
        }
    }

    [Theory]
    [InlineData("literalInput", "\"h\\u00e9llo\"", "literalOutput \"h\\u00e9llo\"")]
    [InlineData("numberInput", "3.50", "numberOutput 3.50")]
    [InlineData("booleanInput", "false", "booleanOutput false")]
    [InlineData("dateInput", "\"2026-03-06T07:21:00\"", "dateOutput \"2026-03-06T07:21:00\"")]
    [InlineData("arrayInput", "[1, 2, 3]", "arrayOutput [1, 2, 3]")]
    [InlineData("imageInput", "{\"value\": \"TWFu\", \"mediaType\": \"image/tiff\"}", "imageOutput \"TWFu\" as image/tiff")]
    [InlineData("geometryInput", "{\"type\": \"Point\", \"coordinates\": [1, 2]}", "geometryOutput {\"type\": \"Point\", \"coordinates\": [1, 2]} as application/geo+json")]
    [InlineData("geometryInput", "\"<a/>\"", "geometryOutput \"<a/>\" as application/gml+xml; version=3.2")]
    [InlineData("complexInput", "\"<a>b</a>\"", "complexOutput \"<a>b</a>\" as text/xml")]
    [InlineData("complexInput", "\"[1.0]\"", "complexOutput \"[1.0]\" as application/json")]
    [InlineData("boundingBoxInput", "{\"bbox\": [51.9, 7, 52, 7.10], \"crs\": \"urn:x\"}", "boundingBoxOutput {\"bbox\": [51.9, 7, 52, 7.10], \"crs\": \"urn:x\"}")]
    public async Task Nothing_is_changed(string input, string value, string output)
    {
        var literal = input == "literalInput" ? "" : "\"literalInput\": \"a\", ";

        (await _bench.OutputsAsync($$$$"""{"inputs": {{{{{literal}}}}"{{{{input}}}}": {{{{value}}}}}}""")).ShouldContain(output);
    }

    [Fact]
    public async Task Several_geometries_come_back_as_several() =>
        (await _bench.OutputsAsync("""{"inputs": {"literalInput": "a", "geometryInput": ["<a/>", {"value": {"type": "Point", "coordinates": [1, 2]}}]}}""")).ShouldBe(
        [
            "literalOutput \"a\"",
            "geometryOutput (geometryOutput \"<a/>\" as application/gml+xml; version=3.2; geometryOutput {\"type\": \"Point\", \"coordinates\": [1, 2]} as application/geo+json)",
        ]);

    [Fact]
    public async Task What_was_not_given_or_not_asked_for_is_left_out()
    {
        (await _bench.OutputsAsync("""{"inputs": {"literalInput": "a"}, "outputs": {"numberOutput": {}, "literalOutput": {}}}""")).ShouldBe(["literalOutput \"a\""]);
        (await _bench.OutputsAsync("""{"inputs": {"literalInput": "a", "numberInput": 5}, "outputs": {"numberOutput": {}}}""")).ShouldBe(["numberOutput 5"]);
        (await _bench.OutputsAsync("""{"inputs": {"literalInput": "a"}, "outputs": {"numberOutput": {}}}""")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("literalInput", "hello\n", "literalOutput \"hello\"")]
    [InlineData("numberInput", "3.5", "numberOutput 3.5")]
    [InlineData("arrayInput", "[1, 2]", "arrayOutput [1, 2]")]
    [InlineData("imageInput", "Man", "imageOutput \"TWFu\" as image/tiff")]
    [InlineData("complexInput", "{\"a\": 1}", "complexOutput \"{\\\"a\\\": 1}\" as application/json")]
    [InlineData("boundingBoxInput", "{\"bbox\": [1, 2, 3, 4]}", "boundingBoxOutput {\"bbox\": [1, 2, 3, 4]}")]
    public async Task A_value_by_reference_is_the_value_behind_it(string input, string content, string output)
    {
        _bench.Reading.Web.With("http://a/b", content);
        var literal = input == "literalInput" ? "" : "\"literalInput\": \"a\", ";

        (await _bench.OutputsAsync($$$$"""{"inputs": {{{{{literal}}}}"{{{{input}}}}": {"href": "http://a/b"}}}""")).ShouldContain(output);
    }

    [Fact]
    public async Task A_value_by_reference_is_judged_like_one_inline()
    {
        _bench.Reading.Web.With("http://a/number", "101").With("http://a/text", [0xC3, 0x28]).With("http://a/geometry", """{"type": "Point"}""");

        (await _bench.MistakesAsync(
            """
            {"inputs": {"literalInput": {"href": "http://a/text"}, "numberInput": {"href": "http://a/number"}, "dateInput": {"href": "http://a/none"},
              "geometryInput": ["<a/>", {"href": "http://a/geometry", "type": "application/geo+json"}]}}
            """)).ShouldBe(
        [
            "literalInput: must be text in UTF-8",
            "numberInput: must be at most 100 (got 101)",
            "dateInput: can not be fetched",
            "geometryInput[1]: must be a GeoJSON geometry: the coordinates of a Point must be an array of numbers",
        ]);
    }

    [Fact]
    public async Task What_is_large_becomes_content()
    {
        var text = await _bench.Reading.AttachAsync(new string('x', 70_000));
        var gml = await _bench.Reading.AttachAsync($"<a>{new string('x', 70_000)}</a>");

        (await _bench.OutputsAsync($$$$"""{"inputs": {"literalInput": {{{{text}}}}, "geometryInput": ["<a/>", {{{{gml}}}}]}}""")).ShouldBe(
        [
            "literalOutput literalOutput-0.txt of 70000 as text/plain",
            "geometryOutput (geometryOutput \"<a/>\" as application/gml+xml; version=3.2; geometryOutput geometryOutput-1.gml of 70007 as application/gml+xml; version=3.2)",
        ]);
        (await _bench.KeysAsync()).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("<a>", "</a>", "text/xml", "complexOutput complexOutput-0.xml of 5000007 as text/xml")]
    [InlineData("[\"", "\"]", "application/json", "complexOutput complexOutput-0.json of 5000004 as application/json")]
    public async Task What_is_too_large_for_memory_passes_through(string start, string end, string type, string output)
    {
        _bench.Reading.Web.With("http://a/b", start + new string('x', 5_000_000) + end);

        (await _bench.OutputsAsync($$$$"""{"inputs": {"literalInput": "a", "complexInput": {"href": "http://a/b", "type": "{{{{type}}}}"}}}""")).ShouldContain(output);
    }

    [Theory]
    [InlineData("<a>", "</b>", "text/xml", "complexInput: must be well-formed XML without a document type (line 1, column 5000006)")]
    [InlineData("<!DOCTYPE a><a>", "</a>", "text/xml", "complexInput: must be well-formed XML without a document type")]
    [InlineData("[\"", "\"", "application/json", "complexInput: must be well-formed JSON: it ends too early")]
    [InlineData("[\"", "\"}", "application/json", "complexInput: must be well-formed JSON: ',' or ']' expected at line 1, column 5000004 (byte 5000004)")]
    public async Task What_is_too_large_for_memory_must_have_its_form_and_is_not_kept_otherwise(string start, string end, string type, string mistake)
    {
        _bench.Reading.Web.With("http://a/b", start + new string('x', 5_000_000) + end);

        (await _bench.MistakesAsync($$$$"""{"inputs": {"literalInput": "a", "complexInput": {"href": "http://a/b", "type": "{{{{type}}}}"}}}""")).ShouldBe([mistake]);
        (await _bench.KeysAsync()).ShouldBeEmpty();
    }
}
