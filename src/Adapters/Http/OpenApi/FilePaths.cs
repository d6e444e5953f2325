using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Files of callers.</summary>
internal static class FilePaths
{
    private const string Tag = "Files";

    private static JsonObject Path => ApiParts.Path("path", "Names divided by slashes, which stand in it as they are; with a slash at its end it means a folder");

    private static JsonObject Overwrite => ApiParts.Query("overwrite", "Whether a file that is there is replaced", """{"type": "boolean", "default": false}""");

    public static IEnumerable<(string Path, JsonObject Operations)> All() =>
    [
        ("/files", TokenPaths.OfCallers(new JsonObject { ["get"] = List() })),
        ("/files/{path}", TokenPaths.OfCallers(new JsonObject { ["get"] = Get(), ["put"] = Put(), ["delete"] = Delete(), ["post"] = Relocate(), ["patch"] = Share() })),
    ];

    public static void AddSchemas(JsonObject schemas)
    {
        schemas["file"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["path", "name", "kind", "href", "public"], "properties": {
              "path": {"type": "string"}, "name": {"type": "string"}, "kind": {"type": "string", "enum": ["file", "folder"]}, "href": {"type": "string", "format": "uri"},
              "type": {"type": "string"}, "length": {"type": "integer", "format": "int64"}, "etag": {"type": "string"}, "sha256": {"type": "string"},
              "modified": {"type": "string", "format": "date-time"}, "owner": {"type": "string"}, "public": {"type": "boolean", "description": "Everybody may read it"},
              "contents": {"type": "object", "description": "With f=info: what GDAL finds in it"}}}
            """);
        schemas["folder"] = JsonNode.Parse(
            """
            {"allOf": [{"$ref": "#/components/schemas/file"}, {"type": "object", "required": ["numberReturned", "entries", "links"], "properties": {
              "numberReturned": {"type": "integer"}, "entries": {"type": "array", "items": {"$ref": "#/components/schemas/file"}},
              "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}]}
            """);
    }

    public static void AddResponses(JsonObject responses)
    {
        responses["Changed"] = ApiParts.Json("What is there is not what the request expects", "exception");
        responses["NoRoom"] = ApiParts.Json("A quota leaves no room", "exception");
    }

    private static JsonObject[] Listing() =>
    [
        ApiParts.Query("f", "The form of the answer; of a file only info", """{"type": "string", "enum": ["json", "html", "geojson", "info"]}"""),
        ApiParts.Query("sort", "The order of a listing; with - before it the other way round", """{"type": "string", "enum": ["name", "-name", "modified", "-modified", "size", "-size", "type", "-type"]}"""),
        ApiParts.Query("recursive", "Whether a listing has all that is below the folder", """{"type": "boolean", "default": false}"""),
        ApiParts.Query("limit", "Entries of a page", """{"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}"""),
        ApiParts.Query("after", "Where a page begins: from the next link of the one before", """{"type": "string"}"""),
    ];

    private static JsonObject List() => ApiParts.Operation("getFiles", Tag, "What is in the topmost folder", Listing(), ("200", Folder("The folder")), BadRequest);

    private static JsonObject Get()
    {
        var found = Folder("The content of the file, or what is in the folder");
        found["content"]!["*/*"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } };
        return ApiParts.Operation(
            "getFile",
            Tag,
            "Download a file, list a folder, or see what a file holds",
            [Path, .. Listing(), ApiParts.Header("Range", "RFC 9110: bytes=FIRST-LAST"), ApiParts.Header("If-Range", "RFC 9110"), ApiParts.Header("If-None-Match", "RFC 9110")],
            ("200", found),
            ("206", new JsonObject
            {
                ["description"] = "The part that was asked for",
                ["content"] = new JsonObject { ["*/*"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } } },
            }),
            ("304", ApiParts.Ref("responses", "NotModified")),
            BadRequest,
            NotFound,
            Changed,
            ("416", ApiParts.Ref("responses", "OutOfRange")),
            Full);
    }

    private static JsonObject Put()
    {
        var operation = ApiParts.Operation(
            "putFile",
            Tag,
            "Store a file, or make a folder",
            [
                Path, ApiParts.Header("If-Match", "RFC 9110: only in the place of this content"), ApiParts.Header("If-None-Match", "RFC 9110: * only when there is none"),
                ApiParts.Header("Content-Digest", "RFC 9530: sha-256, sha-512 or md5, checked before it is stored"),
            ],
            ("200", ApiParts.Json("The file that replaced another", "file")),
            ("201", ApiParts.Json("The new file", "file")),
            BadRequest,
            Unauthorized,
            Forbidden,
            Conflict,
            Changed,
            TooLarge,
            Full,
            NoRoom);
        operation["requestBody"] = new JsonObject
        {
            ["content"] = new JsonObject { ["*/*"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } } },
        };
        return operation;
    }

    private static JsonObject Delete() => ApiParts.Operation(
        "deleteFile",
        Tag,
        "Remove a file or a folder",
        [Path, ApiParts.Query("recursive", "Whether a folder goes with the files in it", """{"type": "boolean", "default": false}"""), ApiParts.Header("If-Match", "RFC 9110")],
        ("204", new JsonObject { ["description"] = "It is gone" }),
        BadRequest,
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        Changed,
        Full);

    private static JsonObject Relocate() => ApiParts.Operation(
        "moveFile",
        Tag,
        "Move or copy a file or a folder, or keep a job's result as a file",
        [
            Path, ApiParts.Query("moveTo", "Where it goes: a path; in FOLDER/ it keeps its name", """{"type": "string"}"""),
            ApiParts.Query("copyTo", "Where its copy goes", """{"type": "string"}"""),
            ApiParts.Query("copyFrom", "A job's result that the path becomes a copy of: /jobs/{id}/results/{output}; in FOLDER/ it has its own name", """{"type": "string"}"""), Overwrite,
        ],
        ("200", ApiParts.Json("It has replaced a file", "file")),
        ("201", ApiParts.Json("It is there now", "file")),
        BadRequest,
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        Changed,
        ("410", ApiParts.Ref("responses", "Gone")),
        TooLarge,
        Full,
        NoRoom);

    private static JsonObject Share()
    {
        var operation = ApiParts.Operation(
            "shareFile", Tag, "Let everybody read a file, or a folder and all that is below it", [Path], ("200", ApiParts.Json("The file or folder", "file")), BadRequest, Unauthorized, Forbidden, NotFound, Conflict);
        operation["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject
            {
                [Media.Json] = new JsonObject { ["schema"] = JsonNode.Parse("""{"type": "object", "required": ["public"], "properties": {"public": {"type": "boolean"}}}""") },
            },
        };
        return operation;
    }

    private static JsonObject Folder(string description)
    {
        var folder = ApiParts.Json(description, "folder");
        folder["content"]![Media.HtmlType] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        folder["content"]![Media.GeoJson] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } };
        return folder;
    }
}
