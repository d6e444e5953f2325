using System.Text.Json.Nodes;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Sources that are harvested. Every operation needs the token.</summary>
internal static class SourcePaths
{
    private static JsonObject Id => ApiParts.Path("source", "The id of a source");

    private static JsonObject MaxRemoved =>
        ApiParts.Query("maxRemoved", "Share of its records that this run may remove; when not given, as the source says", """{"type": "number", "minimum": 0, "maximum": 1}""");

    public static JsonObject All() => new()
    {
        ["get"] = SeedPaths.Guarded("getSources", "All sources that are harvested", [], null, ("200", ApiParts.Json("The sources", "sources"))),
        ["post"] = SeedPaths.Guarded("addSource", "Harvest a source", [], Body(), ("201", ApiParts.Json("The source", "source")), BadRequest, Conflict, TooLarge, NotJson),
    };

    public static JsonObject One() => new()
    {
        ["get"] = SeedPaths.Guarded("getSource", "A source that is harvested", [Id], null, ("200", ApiParts.Json("The source", "source")), NotFound),
        ["put"] = SeedPaths.Guarded(
            "putSource",
            "Add a source, or replace it",
            [Id],
            Body(),
            ("200", ApiParts.Json("The source", "source")),
            ("201", ApiParts.Json("The new source", "source")),
            BadRequest,
            TooLarge,
            NotJson),
        ["delete"] = SeedPaths.Guarded("removeSource", "Remove a source with its records", [Id], null, ("204", new JsonObject { ["description"] = "It is gone" }), NotFound),
    };

    public static JsonObject Run() => new()
    {
        ["post"] = SeedPaths.Guarded(
            "runSource",
            "Start the job of a source now",
            [Id, MaxRemoved, ApiParts.Ref("parameters", "IdempotencyKey")],
            null,
            ("201", ApiParts.Json("The job", "statusInfo")),
            BadRequest,
            NotFound,
            Conflict,
            Failed,
            Full),
    };

    public static void AddSchemas(JsonObject schemas)
    {
        schemas["sourceForm"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["settings"], "properties": {
              "id": {"type": "string", "maxLength": 100},
              "kind": {"type": "string", "enum": ["ogc", "list", "folder", "postgresql", "database", "sftp", "ftp"]},
              "when": {"type": "string", "description": "Minute, hour, day, month, weekday; UTC. Only at a wish when there is none"},
              "settings": {"type": "object", "description": "Of its kind. The member credentials is never shown: true stands in its place, and sent so keeps those there are"},
              "maxRemoved": {"type": "number", "minimum": 0, "maximum": 1, "description": "Share of its records that a run may remove; with more of them gone it fails and changes nothing"}}}
            """);
        schemas["source"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["id", "kind", "settings", "links"], "properties": {
              "id": {"type": "string"}, "kind": {"type": "string"}, "when": {"type": "string"}, "settings": {"type": "object"}, "maxRemoved": {"type": "number"},
              "next": {"type": "string", "format": "date-time"},
              "last": {"type": "object", "required": ["time", "outcome", "jobID"], "properties": {
                "time": {"type": "string", "format": "date-time"},
                "outcome": {"type": "string", "enum": ["successful", "failed"]},
                "jobID": {"type": "string"}, "error": {"type": "string"}, "succeeded": {"type": "string", "format": "date-time"},
                "added": {"type": "integer"}, "changed": {"type": "integer"}, "removed": {"type": "integer"}, "same": {"type": "integer"}}},
              "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
            """);
        schemas["sources"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["sources", "links"], "properties": {
              "sources": {"type": "array", "items": {"$ref": "#/components/schemas/source"}}, "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
            """);
    }

    private static JsonObject Body() => new() { ["application/json"] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", "sourceForm") } };
}
