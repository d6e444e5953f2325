using System.Text.Json.Nodes;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>The paths below <c>/cache</c>. Every operation needs the token.</summary>
internal static class SeedPaths
{
    private const string Tag = "Cache";

    private const string Zoom = """{"type": "integer", "minimum": 0, "maximum": 63}""";

    private const string Texts = """{"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}""";

    private static JsonObject Layer => ApiParts.Path("layer", "The id of a layer");

    public static JsonObject Cache() => Readable("getCache", "What the tiles of all layers take", []);

    public static JsonObject LayerCache()
    {
        var path = Readable("getLayerCache", "What the tiles of a layer take", [Layer], NotFound);
        path["delete"] = Guarded("emptyCache", "Remove all tiles of a layer", [Layer], null,
            ("204", new JsonObject { ["description"] = "They are gone" }),
            NotFound);
        return path;
    }

    public static JsonObject Seed() => new()
    {
        ["post"] = Guarded("seedLayer", "Make, make anew or remove tiles of a layer, as a job", [Layer, ApiParts.Ref("parameters", "IdempotencyKey")], Request(),
            ("201", Created("The job")),
            BadRequest,
            NotFound,
            TooLarge,
            NotJson,
            Failed,
            Full),
    };

    public static JsonObject Expire() => new()
    {
        ["post"] = Guarded(
            "expireTiles",
            "Remove the tiles in which data have changed, in every tile matrix set and zoom",
            [
                Layer,
                ApiParts.Query("reseed", "Whether a job makes them anew", """{"type": "boolean", "default": false}"""),
                ApiParts.Query("minZoom", "Of those that are made anew", Zoom),
                ApiParts.Query("maxZoom", "Of those that are made anew", Zoom),
            ],
            new JsonObject
            {
                ["text/plain"] = new JsonObject
                {
                    ["schema"] = Schema("""{"type": "string", "description": "Tiles by XYZ, a line each: z/x/y, or z/x/y-x2/y2 for a rectangle"}"""),
                },
                ["application/json"] = new JsonObject
                {
                    ["schema"] = Schema("""
                        {"type": "object", "minProperties": 1, "maxProperties": 1, "properties": {
                          "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
                          "polygon": {"type": "object", "description": "GeoJSON"}}}
                        """),
                },
            },
            ("201", Created("The job that makes them anew")),
            ("204", new JsonObject { ["description"] = "They are gone" }),
            BadRequest,
            NotFound,
            TooLarge,
            NotJson,
            Full),
    };

    private static JsonObject Readable(string id, string summary, JsonObject[] parameters, params ReadOnlySpan<(string Status, JsonObject Response)> responses)
    {
        var use = new JsonObject { ["description"] = summary, ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Use() } } };
        return new JsonObject
        {
            ["get"] = Guarded(id, summary, parameters, null, [("200", use), .. responses]),
        };
    }

    private static JsonObject Created(string description)
    {
        var created = ApiParts.Json(description, "statusInfo");
        created["headers"] = new JsonObject { ["Location"] = new JsonObject { ["description"] = "The job", ["schema"] = new JsonObject { ["type"] = "string" } } };
        return created;
    }

    internal static JsonObject Guarded(string id, string summary, JsonObject[] parameters, JsonObject? content, params ReadOnlySpan<(string Status, JsonObject Response)> responses)
    {
        var operation = TokenPaths.Administered(ApiParts.Operation(id, Tag, summary, parameters, responses));
        if (content is not null)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = content };
        }

        return operation;
    }

    private static JsonObject Request() => new()
    {
        ["application/json"] = new JsonObject
        {
            ["schema"] = Wish(),
        },
    };

    /// <summary>A wish in the short form; <c>POST /cache/{layer}/seed</c> needs no layer.</summary>
    internal static JsonObject Wish() => Schema($$"""
        {"type": "object", "required": ["operation"], "properties": {
          "layer": {"type": "string"},
          "operation": {"type": "string", "enum": ["seed", "reseed", "truncate"]},
          "tileMatrixSet": {{Texts}},
          "tileMatrix": {{Texts}},
          "format": {{Texts}},
          "minZoom": {{Zoom}},
          "maxZoom": {{Zoom}},
          "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
          "polygon": {"type": "object", "description": "GeoJSON"},
          "tiles": {"type": "string", "description": "Tiles by XYZ, a line each: z/x/y, or z/x/y-x2/y2 for a rectangle"},
          "threads": {"type": "integer", "minimum": 1},
          "rate": {"type": "number", "description": "Tiles a second, at most"} } }
        """);

    private static JsonObject Use() => Schema("""
        {"type": "object", "required": ["tiles", "bytes", "tilesets"], "properties": {
          "layer": {"type": "string"},
          "tiles": {"type": "integer"},
          "bytes": {"type": "integer"},
          "tilesets": {"type": "array", "items": {"type": "object", "required": ["layer", "tileMatrixSet", "format", "tiles", "bytes"], "properties": {
            "layer": {"type": "string"},
            "tileMatrixSet": {"type": "string"},
            "format": {"type": "string"},
            "tiles": {"type": "integer"},
            "bytes": {"type": "integer"}}}}}}
        """);

    private static JsonObject Schema(string json) => JsonNode.Parse(json)!.AsObject();
}
