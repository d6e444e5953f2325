using System.Collections.Frozen;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.OpenApi;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Http;

public sealed class OpenApiSchemaTests
{
    [Theory]
    [InlineData("""{"type": "number", "default": 5, "minimum": 1, "exclusiveMinimum": true}""", """{"type":"number","default":5,"minimum":1,"exclusiveMinimum":true}""")]
    [InlineData("""{"type": "string", "contentMediaType": "image/tiff", "contentEncoding": "binary"}""", """{"type":"string","x-contentMediaType":"image/tiff","format":"byte"}""")]
    [InlineData("""{"allOf": [{"format": "ogc-bbox"}, {"$ref": "http://a.example/bbox.yaml"}]}""", """{"$ref":"#/components/schemas/bbox"}""")]
    [InlineData("""{"type": "object", "format": "http://a.example/geojson-geometry"}""", """{"$ref":"#/components/schemas/geometry"}""")]
    [InlineData("""{"oneOf": [{"type": "string"}, {"type": "number"}]}""", """{"anyOf":[{"type":"string"},{"type":"number"}]}""")]
    public void A_schema_is_said_in_the_words_of_OpenAPI(string schema, string expected) => Of(schema).ShouldBe(expected);

    [Theory]
    [InlineData("""{"type": ["string", "null"]}""", """{"nullable":true,"type":"string"}""")]
    [InlineData("""{"type": ["string", "integer"]}""", """{"anyOf":[{"type":"string"},{"type":"integer"}]}""")]
    [InlineData("""{"type": "number", "exclusiveMaximum": 3}""", """{"type":"number","maximum":3,"exclusiveMaximum":true}""")]
    [InlineData("""{"const": "a", "$comment": "b", "if": {}, "$defs": {}}""", """{"enum":["a"]}""")]
    [InlineData("""{"type": "array"}""", """{"type":"array","items":{}}""")]
    [InlineData("""{"type": "array", "items": true}""", """{"type":"array","items":{}}""")]
    [InlineData("""{"type": "object", "required": [], "properties": {"a": false, "b": {"$ref": "http://a.example/b"}}, "additionalProperties": false}""", """{"type":"object","properties":{"a":{},"b":{}},"additionalProperties":false}""")]
    public void What_OpenAPI_has_no_word_for_is_said_otherwise_or_left_out(string schema, string expected) => Of(schema).ShouldBe(expected);

    [Fact]
    public void Alternatives_that_nothing_tells_apart_are_one()
    {
        Of("""
            {"default": 0, "oneOf": [
              {"type": "integer", "enum": [0], "title": "Round"}, {"type": "integer", "enum": [1], "title": "Flat"}, {"type": "string", "enum": ["Round", "Flat"]}]}
            """).ShouldBe("""{"default":0,"anyOf":[{"type":"integer","enum":[0,1],"x-enum-descriptions":["Round","Flat"]},{"type":"string","enum":["Round","Flat"]}]}""");
        Of("""
            {"oneOf": [
              {"type": "string", "contentMediaType": "text/csv"}, {"type": "string", "contentMediaType": "image/png", "contentEncoding": "binary"},
              {"type": "string", "contentMediaType": "text/xml"}, {"type": "string", "contentMediaType": "image/jpeg", "contentEncoding": "binary"}, {"type": "string"}]}
            """).ShouldBe("""{"anyOf":[{"type":"string","description":"As text: text/csv, text/xml"},{"type":"string","description":"In base64: image/png, image/jpeg","format":"byte"},{"type":"string"}]}""");
    }

    [Fact]
    public void Each_process_has_a_path_with_the_schema_of_its_own_request_and_results()
    {
        var definition = Define(
            Process("a:b", [Input("one", 1, 1), Input("many", 2, InputDescription.Unbounded), Input("free", 0, 1)], Output("OUT", "application/geo+json", "image/tiff")),
            Process("a_b", [], Output("OUT", "application/geo+json", "image/tiff")),
            Process("c", [], Output("x"), Output("y")));
        var first = definition["paths"]!["/processes/a:b/execution"]!["post"]!;
        var request = first["requestBody"]!["content"]!["application/json"]!["schema"]!;
        var inputs = request["properties"]!["inputs"]!;

        inputs["required"]!.ToJsonString().ShouldBe("""["one","many"]""");
        Resolve(definition, inputs["properties"]!["many"]!["allOf"]?[0] ?? inputs["properties"]!["many"]!)["anyOf"]![0]!["minItems"]!.GetValue<int>().ShouldBe(2);
        request["properties"]!.AsObject().Select(member => member.Key).ShouldBe(["inputs", "outputs", "response", "subscriber"]);
        request["properties"]!["outputs"]!["properties"]!.AsObject().Select(member => member.Key).ShouldBe(["OUT"]);

        var results = Resolve(definition, first["responses"]!["200"]!)["content"]!.AsObject();
        results.Select(content => content.Key).ShouldBe(["application/json", "application/geo+json", "image/tiff"]);
        results["image/tiff"]!["schema"]!["format"]!.GetValue<string>().ShouldBe("binary");
        definition["paths"]!["/processes/a_b/execution"]!["post"]!["responses"]!["200"]!.ToJsonString().ShouldBe(first["responses"]!["200"]!.ToJsonString(), "what is the same stands once");
        Resolve(definition, definition["paths"]!["/processes/c/execution"]!["post"]!["responses"]!["200"]!)["content"]!.AsObject().ContainsKey("multipart/related").ShouldBeTrue();

        new[] { "a:b", "a_b", "c" }.Select(id => definition["paths"]![$"/processes/{id}/execution"]!["post"]!["operationId"]!.GetValue<string>())
            .ShouldBe(["execute_a_b", "execute_a_b_2", "execute_c"]);
    }

    private static string Of(string schema) => OpenApiSchema.Of(JsonNode.Parse(schema)).ToJsonString();

    private static JsonObject Define(params ProcessDescription[] processes)
    {
        var definition = ApiDefinition.Make("http://a.example/");
        ProcessOperations.Add(definition, ProcessCatalogue.Empty with { Processes = processes.ToFrozenDictionary(process => process.Id) });
        return definition;
    }

    private static JsonNode Resolve(JsonObject definition, JsonNode part) =>
        part["$ref"]?.GetValue<string>().Split('/') is [_, _, var kind, var name] ? definition["components"]![kind]![name]! : part;

    private static ProcessDescription Process(string id, InputDescription[] inputs, params OutputDescription[] outputs) =>
        new() { Id = id, Title = id, Version = "1", Inputs = inputs, Outputs = outputs };

    private static InputDescription Input(string id, int least, int most) => new(id, id, new JsonObject { ["type"] = "string" }, least, most);

    private static OutputDescription Output(string id, params string[] mediaTypes) => new(id, id, new JsonObject { ["type"] = "string" }) { MediaTypes = mediaTypes };
}
