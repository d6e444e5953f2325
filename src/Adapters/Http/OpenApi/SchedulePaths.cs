using System.Text.Json.Nodes;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Seedings by the clock. Every operation needs the token.</summary>
internal static class SchedulePaths
{
    private static JsonObject Id => ApiParts.Path("schedule", "The id of a schedule");

    public static JsonObject All() => new()
    {
        ["get"] = SeedPaths.Guarded("getSchedules", "All seedings by the clock", [], null, ("200", ApiParts.Json("The schedules", "schedules"))),
        ["post"] = SeedPaths.Guarded("addSchedule", "Seed by the clock", [], Body(), ("201", ApiParts.Json("The schedule", "schedule")), BadRequest, Conflict, TooLarge, NotJson),
    };

    public static JsonObject One() => new()
    {
        ["get"] = SeedPaths.Guarded("getSchedule", "A seeding by the clock", [Id], null, ("200", ApiParts.Json("The schedule", "schedule")), NotFound),
        ["put"] = SeedPaths.Guarded(
            "putSchedule",
            "Add a seeding by the clock, or replace it",
            [Id],
            Body(),
            ("200", ApiParts.Json("The schedule", "schedule")),
            ("201", ApiParts.Json("The new schedule", "schedule")),
            BadRequest,
            Conflict,
            TooLarge,
            NotJson),
        ["delete"] = SeedPaths.Guarded("removeSchedule", "Remove a seeding by the clock", [Id], null, ("204", new JsonObject { ["description"] = "It is gone" }), NotFound),
    };

    public static JsonObject Run() => new()
    {
        ["post"] = SeedPaths.Guarded(
            "runSchedule",
            "Start the job of a schedule now",
            [Id, ApiParts.Ref("parameters", "IdempotencyKey")],
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
        schemas["scheduleForm"] = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("when", "request"),
            ["properties"] = new JsonObject
            {
                ["id"] = new JsonObject { ["type"] = "string", ["maxLength"] = 100 },
                ["when"] = new JsonObject { ["type"] = "string", ["description"] = "Minute, hour, day, month, weekday; UTC" },
                ["request"] = SeedPaths.Wish(),
            },
        };
        schemas["schedule"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["id", "when", "request", "readOnly", "links"], "properties": {
              "id": {"type": "string"}, "when": {"type": "string"}, "request": {"type": "object"},
              "readOnly": {"type": "boolean", "description": "It stands in the settings"},
              "next": {"type": "string", "format": "date-time"},
              "last": {"type": "object", "required": ["time", "outcome"], "properties": {
                "time": {"type": "string", "format": "date-time"},
                "outcome": {"type": "string", "enum": ["accepted", "running", "successful", "failed", "dismissed", "gone", "not started"]},
                "jobID": {"type": "string"}, "message": {"type": "string"}}},
              "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
            """);
        schemas["schedules"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["schedules", "links"], "properties": {
              "schedules": {"type": "array", "items": {"$ref": "#/components/schemas/schedule"}}, "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
            """);
    }

    private static JsonObject Body() => new() { ["application/json"] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", "scheduleForm") } };
}
