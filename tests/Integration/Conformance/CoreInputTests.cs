using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>Class "Core": requests to execute, and every form in which inputs come.</summary>
[Collection(ConformanceServerTests.Name)]
public sealed class CoreInputTests(ConformanceServer server)
{
    private const string Hello = """{"inputs": {"literalInput": "hello"}, "response": "document"}""";
    private const string Geometry = """{"type": "Point", "coordinates": [7, 51]}""";
    private const string Gml = """<gml:Point xmlns:gml=\"http://www.opengis.net/gml/3.2\" gml:id=\"p\"><gml:pos>1 2</gml:pos></gml:Point>""";
    private const string Crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-op")]
    public async Task A_process_is_executed_by_a_post() => (await server.ExecuteAsync("echo", Hello)).ShouldBe(200);

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-auto-execution-mode")]
    public async Task Who_prefers_a_job_gets_one() =>
        (await server.ExecuteAsync("echo", Hello, ("Prefer", "respond-async"))).ShouldBe(201).Headers.GetValues("Preference-Applied").ShouldBe(["respond-async"]);

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-default-execution-mode")]
    public async Task Who_prefers_nothing_gets_the_results() =>
        (await server.ExecuteAsync("echo", Hello)).ShouldBe(200).Json.GetProperty("literalOutput").GetString().ShouldBe("hello");

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-request")]
    public async Task A_request_with_all_its_members_is_valid_and_taken_and_what_is_none_is_refused()
    {
        var request = """
            {"inputs": {"literalInput": "hello", "arrayInput": [1, 2], "imageInput": {"value": "SUkqAA==", "format": {"mediaType": "image/tiff", "encoding": "base64"}}},
             "outputs": {"literalOutput": {"transmissionMode": "value"}, "imageOutput": {"format": {"mediaType": "image/tiff"}, "transmissionMode": "reference"}},
             "response": "document"}
            """;

        await OgcJsonSchema.ShouldFitAsync(JsonElement.Parse(request), "execute");
        (await server.ExecuteAsync("echo", request)).ShouldBe(200);
        foreach (var wrong in new[] { "{", "[]", "5", """{"inputs": 5}""", """{"inputs": {"literalInput": "a"}, "response": "parcel"}""", """{"inputs": {"literalInput": "a"}, "outputs": []}""" })
        {
            await ConformanceServer.ShouldBeExceptionAsync(await server.ExecuteAsync("echo", wrong), 400);
        }
    }

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-inputs")]
    public async Task Values_and_references_stand_beside_each_other()
    {
        var address = server.Files.Put("number.txt", "3.5"u8.ToArray());

        var outputs = await EchoAsync($$$"""{"literalInput": "hello", "numberInput": {"href": "{{{address}}}", "type": "text/plain"}}""");

        outputs.ToJsonString().ShouldBe("""{"literalOutput":"hello","numberOutput":3.5}""");
    }

    [Theory]
    [InlineData("numberInput", "3.5")]
    [InlineData("booleanInput", "false")]
    [InlineData("dateInput", "\"2026-11-28T04:00:00Z\"")]
    [InlineData("arrayInput", "[1,2,3]")]
    [Trait("ATS", "/conf/core/process-execute-input-inline")]
    public async Task A_value_inside_the_request_comes_back(string input, string value) => await EchoShouldBeAsync(input, value, value);

    [Theory]
    [InlineData("literalInput", "text/plain", "from afar", "\"from afar\"")]
    [InlineData("arrayInput", "application/json", "[1,2]", "[1,2]")]
    [InlineData("complexInput", "text/xml", "<a/>", "\"<a/>\"")]
    [InlineData("geometryInput", "application/geo+json", Geometry, """{"value":{"type":"Point","coordinates":[7,51]},"mediaType":"application/geo+json"}""")]
    [Trait("ATS", "/conf/core/process-execute-input-ref")]
    public async Task A_value_behind_an_address_comes_back(string input, string type, string content, string output)
    {
        var address = server.Files.Put($"{input}.data", System.Text.Encoding.UTF8.GetBytes(content), type);

        await EchoShouldBeAsync(input, $$"""{"href": "{{address}}", "type": "{{type}}"}""", output);
        await EchoShouldBeAsync(input, $$$"""{"href": "{{{address}}}", "format": {"mediaType": "{{{type}}}"}}""", output);
    }

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-input-array")]
    public async Task Several_values_are_an_array_and_one_may_be()
    {
        var several = await EchoAsync($$$"""{"literalInput": "a", "geometryInput": [{"value": {{{Geometry}}}}, {"value": "{{{Gml}}}", "mediaType": "application/gml+xml; version=3.2"}]}""");
        var one = await EchoAsync($$$"""{"literalInput": "a", "geometryInput": [{"value": {{{Geometry}}}}]}""");

        several["geometryOutput"]!.AsArray().Count.ShouldBe(2);
        one["geometryOutput"].ShouldNotBeNull();
        await ConformanceServer.ShouldBeExceptionAsync(
            await server.ExecuteAsync("echo", $$$"""{"inputs": {"literalInput": "a", "geometryInput": [{{{string.Join(',', Enumerable.Repeat($$"""{"value": {{Geometry}}}""", 6))}}}]}}"""), 400);
    }

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-input-inline-object")]
    public async Task An_object_is_given_as_a_qualified_value()
    {
        await EchoShouldBeAsync("geometryInput", $$"""{"value": {{Geometry}}}""", """{"value":{"type":"Point","coordinates":[7,51]},"mediaType":"application/geo+json"}""");
        await ConformanceServer.ShouldBeExceptionAsync(await server.ExecuteAsync("echo", """{"inputs": {"literalInput": "a", "complexInput": {"a": 1}}}"""), 400);
    }

    [Theory]
    [InlineData($$"""{"value": {{Geometry}}, "mediaType": "application/geo+json"}""", "application/geo+json")]
    [InlineData($$$"""{"value": {{{Geometry}}}, "format": {"mediaType": "application/geo+json"}}""", "application/geo+json")]
    [InlineData($$"""{"value": "{{Gml}}", "mediaType": "application/gml+xml; version=3.2"}""", null)]
    [InlineData($$$"""{"value": "{{{Gml}}}", "format": {"mediaType": "application/gml+xml; version=3.2"}}""", null)]
    [Trait("ATS", "/conf/core/process-execute-input-mixed-type")]
    public async Task Each_alternative_of_an_input_is_told_by_its_media_type(string value, string? type)
    {
        var output = (await EchoAsync($$"""{"literalInput": "a", "geometryInput": {{value}}}"""))["geometryOutput"]!;

        if (type is null)
        {
            output.GetValue<string>().ShouldContain("<gml:pos>1 2</gml:pos>");
        }
        else
        {
            output["mediaType"]!.GetValue<string>().ShouldBe(type);
        }
    }

    [Theory]
    [InlineData("\"SUkqAAgAAAAAAA==\"")]
    [InlineData("""{"value": "SUkqAAgAAAAAAA==", "encoding": "base64", "mediaType": "image/tiff"}""")]
    [InlineData("""{"value": "SUkqAAgAAAAAAA==", "format": {"encoding": "base64", "mediaType": "image/tiff"}}""")]
    [Trait("ATS", "/conf/core/process-execute-input-inline-binary")]
    public Task Bytes_come_in_base64(string value) =>
        EchoShouldBeAsync("imageInput", value, """{"value":"SUkqAAgAAAAAAA==","encoding":"base64","mediaType":"image/tiff"}""");

    [Fact]
    [Trait("ATS", "/conf/core/process-execute-input-inline-bbox")]
    public async Task A_box_has_four_or_six_numbers()
    {
        foreach (var box in new[] { "[51.9,7,52,7.1]", "[51.9,7,0,52,7.1,9]" })
        {
            var given = $$"""{"bbox":{{box}},"crs":"{{Crs84}}"}""";
            await EchoShouldBeAsync("boundingBoxInput", given, given);
        }

        foreach (var wrong in new[] { """{"bbox": [1, 2, 3]}""", """{"bbox": ["a", 2, 3, 4]}""", """{"crs": "EPSG:4326"}""", """{"bbox": [1, 2, 3, 4], "crs": 5}""" })
        {
            var answer = await server.ExecuteAsync("echo", $$$"""{"inputs": {"literalInput": "a", "boundingBoxInput": {{{wrong}}}}}""");
            await ConformanceServer.ShouldBeExceptionAsync(answer, 400);
            answer.Detail.ShouldContain("boundingBoxInput");
        }
    }

    [Theory]
    [InlineData("literalInput", "5")]
    [InlineData("numberInput", "\"3\"")]
    [InlineData("numberInput", "0")]
    [InlineData("numberInput", "100.1")]
    [InlineData("booleanInput", "1")]
    [InlineData("dateInput", "\"yesterday\"")]
    [InlineData("arrayInput", "[1]")]
    [InlineData("arrayInput", "[1, 2.5]")]
    [InlineData("imageInput", "\"not base64!\"")]
    [InlineData("imageInput", """{"value": "SUkqAA==", "encoding": "base64", "mediaType": "image/png"}""")]
    [InlineData("complexInput", """{"value": "<a>", "mediaType": "text/xml"}""")]
    [InlineData("geometryInput", """{"value": {"type": "Line", "coordinates": []}}""")]
    [InlineData("noSuchInput", "5")]
    [Trait("ATS", "/conf/core/process-execute-input-validation")]
    public async Task What_does_not_fit_its_schema_is_refused_by_name(string input, string value)
    {
        var inputs = new JsonObject { ["literalInput"] = "hello", [input] = JsonNode.Parse(value) };

        var answer = await server.ExecuteAsync("echo", new JsonObject { ["inputs"] = inputs }.ToJsonString());

        await ConformanceServer.ShouldBeExceptionAsync(answer, 400);
        answer.Detail.ShouldContain(input);
    }

    private async Task<JsonObject> EchoAsync(string inputs)
    {
        var answer = (await server.ExecuteAsync("echo", $$"""{"inputs": {{inputs}}, "response": "document"}""")).ShouldBe(200);
        await OgcJsonSchema.ShouldFitAsync(answer.Json, "results");
        return JsonNode.Parse(answer.Body)!.AsObject();
    }

    private async Task EchoShouldBeAsync(string input, string value, string output)
    {
        var inputs = new JsonObject { ["literalInput"] = "hello", [input] = JsonNode.Parse(value) };

        (await EchoAsync(inputs.ToJsonString()))[input.Replace("Input", "Output", StringComparison.Ordinal)]!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .ShouldBe(output);
    }
}
