using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Classification schemes, codes of records, and how often records were used.</summary>
internal static class SchemePaths
{
    private const string Tag = "Records";

    private const string Labels = """{"type": "object", "description": "By language (BCP 47; und where none is said)", "additionalProperties": {"type": "string"}}""";

    private const string SchemeSchema =
        $$$$$"""
        {"type": "object", "required": ["concepts"], "properties": {
          "id": {"type": "string"}, "type": {"type": "string"}, "prefLabel": {{{{{Labels}}}}},
          "concepts": {"type": "array", "items": {"type": "object", "properties": {
            "id": {"type": "string"}, "notation": {"type": "string", "description": "The code"}, "prefLabel": {{{{{Labels}}}}}, "broader": {"type": "string", "description": "The code above it"}}}},
          "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
        """;

    private const string ListSchema =
        """{"type": "object", "required": ["schemes", "links"], "properties": {"schemes": {"type": "array", "items": {"type": "object"}}, "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}""";

    private const string CodesSchema =
        """
        {"type": "object", "required": ["classifications"], "properties": {"classifications": {"type": "array", "maxItems": 100, "items": {"type": "object", "required": ["scheme", "code"],
          "properties": {"scheme": {"type": "string"}, "code": {"type": "string"}}}}}}
        """;

    private const string UseSchema =
        """
        {"type": "object", "required": ["use", "links"], "properties": {
          "use": {"type": "array", "items": {"type": "object", "required": ["opened", "downloaded", "searched", "shown"], "properties": {
            "month": {"type": "string"}, "record": {"type": "string", "description": "Empty: none in particular"}, "caller": {"type": "string"},
            "opened": {"type": "integer"}, "downloaded": {"type": "integer"}, "searched": {"type": "integer"}, "shown": {"type": "integer"}}}},
          "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
        """;

    private static JsonObject Scheme => ApiParts.Path("scheme", "The id of a classification scheme");

    private static JsonObject Record => ApiParts.Path("record", "The id of a record, its slashes as %2F");

    public static IEnumerable<(string Path, JsonObject Operations)> All() =>
    [
        ("/schemes", new JsonObject { ["get"] = ApiParts.OrPage(ApiParts.Operation("getSchemes", Tag, "The classification schemes", [], ("200", Answer("By id", ListSchema)))) }),
        ("/schemes/{scheme}", new JsonObject { ["get"] = ApiParts.OrPage(ApiParts.Operation("getScheme", Tag, "A classification scheme", [Scheme], ("200", Answer("Codes with their labels", SchemeSchema)), NotFound)) }),
        ("/admin/schemes", new JsonObject { ["get"] = Administered("administerSchemes", "The classification schemes", [], ("200", Answer("By id", ListSchema))) }),
        ("/admin/schemes/{scheme}", new JsonObject
        {
            ["get"] = Administered("administerScheme", "A classification scheme", [Scheme], ("200", Answer("Codes with their labels", SchemeSchema)), NotFound),
            ["put"] = WithBody(
                Administered(
                    "putScheme",
                    "Load a classification scheme, SKOS as JSON or CSV",
                    [Scheme],
                    ("200", Answer("It took the place of another", SchemeSchema)),
                    ("201", Answer("It is new", SchemeSchema)),
                    BadRequest,
                    Conflict,
                    TooLarge,
                    NotJson),
                (Media.Json, SchemeSchema),
                ("text/csv", """{"type": "string", "description": "Columns code, label or label@LANGUAGE, broader"}""")),
            ["delete"] = Administered("removeScheme", "Remove a classification scheme", [Scheme], ("204", new JsonObject { ["description"] = "Records keep their codes" }), NotFound),
        }),
        ("/admin/records/{record}/classifications", new JsonObject
        {
            ["get"] = Administered("getRecordCodes", "All codes of a record, and who gave them", [Record], ("200", Answer("The codes", CodesSchema)), NotFound),
            ["put"] = WithBody(
                Administered("putRecordCodes", "Give a record codes beside those of its source; none takes them away", [Record], ("200", Answer("All codes", CodesSchema)), BadRequest, NotFound),
                (Media.Json, CodesSchema)),
        }),
        ("/admin/use", new JsonObject { ["get"] = Use() }),
    ];

    private static JsonObject Use()
    {
        var answer = Answer("Sums", UseSchema);
        answer["content"]!["text/csv"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        const string Month = """{"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}""";
        return Administered(
            "getUse",
            "How often records were opened, downloaded, searched and shown",
            [
                ApiParts.Query("from", "The first month (UTC)", Month),
                ApiParts.Query("to", "The last month", Month),
                ApiParts.List("by", "What sums are by; month when not given", """{"type": "string", "enum": ["month", "record", "caller"]}"""),
                ApiParts.Query("limit", "Sums on a page at most; CSV has all", """{"type": "integer", "minimum": 1, "maximum": 10000, "default": 1000}"""),
                ApiParts.Query("offset", "How many come before the page", """{"type": "integer", "minimum": 0, "default": 0}"""),
                ApiParts.Query("f", "The form", """{"type": "string", "enum": ["json", "csv"]}"""),
            ],
            ("200", answer),
            BadRequest);
    }

    private static JsonObject Administered(string id, string summary, JsonObject[] parameters, params ReadOnlySpan<(string Status, JsonObject Response)> responses) =>
        TokenPaths.Administered(ApiParts.Operation(id, Tag, summary, parameters, responses));

    private static JsonObject Answer(string description, string schema) =>
        new() { ["description"] = description, ["content"] = new JsonObject { [Media.Json] = new JsonObject { ["schema"] = JsonNode.Parse(schema) } } };

    private static JsonObject WithBody(JsonObject operation, params ReadOnlySpan<(string Type, string Schema)> forms)
    {
        var content = new JsonObject();
        foreach (var (type, schema) in forms)
        {
            content[type] = new JsonObject { ["schema"] = JsonNode.Parse(schema) };
        }

        operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = content };
        return operation;
    }
}
