using System.Text.Json.Nodes;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>What administers layers. Every operation needs a token that may publish.</summary>
internal static class LayerPaths
{
    private const string Tag = "Layers";

    private static JsonObject LayerId => ApiParts.Path("layer", "The id of a layer");

    public static JsonObject All() => new()
    {
        ["get"] = Guarded("getLayers", "All layers, by id", [
                ApiParts.Query("limit", "Layers in a page", """{"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}"""),
                ApiParts.Query("after", "The id that the page begins behind", """{"type": "string"}"""),
            ], null,
            ("200", ApiParts.Json("The layers", "layers")), BadRequest),
        ["post"] = Guarded("addLayer", "Publish a layer", [.. WithData(), ApiParts.Ref("parameters", "Prefer")], Body(),
            ("201", Layer("The layer is published")), ("202", ApiParts.Json("A job publishes it", "statusInfo")), BadRequest,
            Conflict, TooLarge, Failed, Full),
    };

    public static JsonObject One() => new()
    {
        ["get"] = Guarded("getLayer", "A layer", [LayerId], null, ("200", Layer("The layer")), NotFound),
        ["put"] = Guarded("replaceLayer", "Other settings, or other data", [LayerId, .. WithData(), ApiParts.Ref("parameters", "Prefer")], Body(),
            ("200", Layer("The layer")), ("202", ApiParts.Json("A job puts the data in place", "statusInfo")), BadRequest, NotFound, TooLarge, Failed, Full),
        ["patch"] = Guarded("changeLayer", "Some other settings, as a merge patch (RFC 7396); or another source alone", [LayerId], new JsonObject
        {
            ["application/merge-patch+json"] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", "layerForm") },
            ["application/json"] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", "layerForm") },
        }, ("200", Layer("The layer")), ("202", ApiParts.Json("A job puts the data in place", "statusInfo")), BadRequest, NotFound, TooLarge, Failed, Full),
        ["delete"] = Guarded("removeLayer", "Remove a layer with its data and tiles", [LayerId], null,
            ("204", new JsonObject { ["description"] = "It is gone" }), NotFound),
    };

    public static JsonObject Pin() => new()
    {
        ["post"] = Guarded("pinLayer", "Keep a published result when its job's results are removed", [LayerId], null, ("200", Layer("The layer")), NotFound),
    };

    public static void AddSchemas(JsonObject schemas)
    {
        schemas["layerForm"] = JsonNode.Parse(Form);
        schemas["layer"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["id", "title", "kind", "source", "revision", "links"], "description": "A layer's form, and what its data are",
             "properties": {"id": {"type": "string"}, "title": {"type": "string"}, "kind": {"type": "string", "enum": ["vector", "map"]},
               "source": {"type": "object"}, "crs": {"type": "string"}, "extent": {"type": "array", "items": {"type": "number"}},
               "featureCount": {"type": "integer"},
               "times": {"type": "array", "items": {"type": "string", "format": "date-time", "nullable": true}, "minItems": 2, "maxItems": 2}, "fields": {"type": "array", "items": {"type": "object"}}, "revision": {"type": "integer"},
               "bytes": {"type": "integer"}, "warnings": {"type": "array", "items": {"type": "string"}, "description": "What of the style map tiles do not show"}, "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
            """);
        schemas["layers"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["layers", "links"], "properties": {"numberMatched": {"type": "integer"},
              "layers": {"type": "array", "items": {"$ref": "#/components/schemas/layer"}}, "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
            """);
    }

    private const string Form =
        """
        {"type": "object", "additionalProperties": true, "description": "What can be set; docs/layers.md says what each member means", "properties": {
          "id": {"type": "string", "maxLength": 100}, "title": {"type": "string"}, "description": {"type": "string"},
          "keywords": {"type": "array", "items": {"type": "string"}}, "attribution": {"type": "string"}, "timeField": {"type": "string"},
          "searchFields": {"type": "array", "items": {"type": "string"}},
          "expires": {"type": "string", "format": "date-time", "nullable": true},
          "source": {"type": "object", "description": "One of href, file, job with output, postgis, upstream", "properties": {
            "href": {"type": "string"}, "file": {"type": "string"}, "job": {"type": "string"}, "output": {"type": "string"}, "table": {"type": "string"},
            "postgis": {"type": "object"}, "upstream": {"type": "object"}}},
          "tiles": {"type": "object", "properties": {
            "tileMatrixSets": {"type": "array", "items": {"type": "string"}}, "formats": {"type": "array", "items": {"type": "string", "enum": ["mvt", "png", "jpeg", "webp"]}},
            "minZoom": {"type": "integer", "minimum": 0, "maximum": 30}, "maxZoom": {"type": "integer", "minimum": 0, "maximum": 30},
            "attributes": {"type": "array", "items": {"type": "string"}}, "name": {"type": "string"}, "extent": {"type": "integer"}, "buffer": {"type": "integer"},
            "simplification": {"type": "number"}, "minSize": {"type": "number"}, "maxFeatures": {"type": "integer"}, "maxBytes": {"type": "integer"},
            "metaTile": {"type": "integer"}, "gutter": {"type": "integer"}}},
          "caching": {"type": "object", "properties": {
            "enabled": {"type": "boolean"}, "maxAge": {"type": "integer"}, "expire": {"type": "integer"}, "expireByZoom": {"type": "object"},
            "serveStale": {"type": "boolean"}, "quotaBytes": {"type": "integer"}, "encoding": {"type": "string", "enum": ["gzip", "br", "identity"]}}},
          "style": {"type": "object", "properties": {"mapLibre": {"type": "object"}, "qml": {"type": "string"}}}}}
        """;

    private static JsonObject[] WithData() =>
    [
        ApiParts.Query("filename", "Of data that are the body: what they are called", """{"type": "string"}"""),
        ApiParts.Query("table", "Of data with several tables: which", """{"type": "string"}"""),
    ];

    private static JsonObject Layer(string description) => ApiParts.Json(description, "layer");

    private static JsonObject Body() => new()
    {
        ["application/json"] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", "layerForm") },
        ["multipart/form-data"] = new JsonObject
        {
            ["schema"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["layer"] = ApiParts.Ref("schemas", "layerForm"), ["data"] = Binary() },
            },
        },
        ["application/octet-stream"] = new JsonObject { ["schema"] = Binary() },
    };

    private static JsonObject Binary() => new() { ["type"] = "string", ["format"] = "binary" };

    private static JsonObject Guarded(
        string id, string summary, JsonObject[] parameters, JsonObject? content, params ReadOnlySpan<(string Status, JsonObject Response)> responses)
    {
        var operation = TokenPaths.WithToken(ApiParts.Operation(id, Tag, summary, parameters, responses));
        if (content is not null)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = content };
        }

        return operation;
    }
}
