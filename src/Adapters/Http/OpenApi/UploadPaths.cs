using System.Text.Json.Nodes;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Uploads in as many requests as it takes: tus 1.0.0. Every operation but OPTIONS needs the right to store files.</summary>
internal static class UploadPaths
{
    public const string Tag = "Uploads";

    private const string Whole = """{"type": "integer", "format": "int64", "minimum": 0}""";

    private static JsonObject Id => ApiParts.Path("uploadID", "The id of an upload");

    private static JsonObject Version => Required("Tus-Resumable", "The version that is spoken", """{"type": "string", "enum": ["1.0.0"]}""");

    private static JsonObject Checksum => ApiParts.Header("Upload-Checksum", "sha1, md5, sha256 or crc32, a space, and the checksum of the body in base64");

    private static (string, JsonObject) WrongVersion => ("412", Problem("Another version of tus, or none, was named"));

    private static (string, JsonObject) Locked => ("423", Problem("Another request goes on with the upload; Retry-After says when to come back"));

    private static (string, JsonObject) NotFound => ("404", Problem("There is no such upload, or it has expired"));

    private static (string, JsonObject) TooLarge => ("413", Problem("It is more than an upload may have"));

    private static (string, JsonObject) NoRoom => ("507", Problem("A quota leaves no room"));

    private static (string, JsonObject) WrongChecksum => ("460", Problem("What came is not what Upload-Checksum says; nothing of it was kept"));

    private static (string, JsonObject) WrongDigest => ("422", Problem("What was uploaded has not the SHA-256 that was said at the beginning"));

    public static (string Path, JsonObject Operations)[] All() =>
    [
        ("/uploads", new JsonObject
        {
            ["options"] = Describe("describeUploads"),
            ["get"] = Operation("getUploads", "One's own uploads, the newest first", [], ("200", ApiParts.Json("The uploads", "uploads"))),
            ["post"] = Post(),
        }),
        ("/uploads/{uploadID}", new JsonObject
        {
            ["options"] = WithId(Describe("describeUpload")),
            ["get"] = Operation("getUpload", "An upload", [Id], ("200", ApiParts.Json("The upload", "upload")), NotFound),
            ["head"] = Operation(
                "resumeUpload", "Where an upload goes on; a request that still has it lets go", [Id, Version],
                ("200", With("How far it is", "Upload-Offset", "Upload-Length", "Upload-Defer-Length", "Upload-Metadata", "Upload-Concat", "Upload-Expires", "Content-Location")),
                NotFound, WrongVersion, WrongDigest, Locked),
            ["patch"] = Patch(),
            ["delete"] = Operation("endUpload", "Remove an upload; a file that it has become stays", [Id, Version], ("204", With("It is gone")), NotFound, WrongVersion, Locked),
        }),
    ];

    public static void AddSchemas(JsonObject schemas)
    {
        schemas["upload"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["id", "href", "kind", "status", "offset", "created", "expires"], "properties": {
              "id": {"type": "string"}, "href": {"type": "string"}, "kind": {"type": "string", "enum": ["whole", "partial", "final"]},
              "status": {"type": "string", "enum": ["receiving", "received", "stored"]},
              "path": {"type": "string", "description": "Of the file that it becomes"},
              "offset": {"type": "integer", "format": "int64"}, "length": {"type": "integer", "format": "int64"},
              "created": {"type": "string", "format": "date-time"}, "expires": {"type": "string", "format": "date-time"},
              "file": {"type": "string", "description": "The file that it has become"}}}
            """);
        schemas["uploads"] = JsonNode.Parse("""{"type": "object", "required": ["uploads"], "properties": {"uploads": {"type": "array", "items": {"$ref": "#/components/schemas/upload"}}}}""");
    }

    private static JsonObject Post()
    {
        var operation = Operation(
            "createUpload",
            "Begin an upload, or make one of parts",
            [
                Version,
                Number("Upload-Length", "Bytes of the whole"),
                ApiParts.Header("Upload-Defer-Length", "1: the length is said later"),
                ApiParts.Header("Upload-Metadata", "Pairs of a key and a value in base64: filename (the path below /files/), overwrite, sha256"),
                ApiParts.Header("Upload-Concat", "partial, or final; and the addresses of parts"),
                Checksum,
            ],
            ("201", With("The upload", "Location", "Upload-Offset", "Upload-Expires", "Content-Location")),
            BadRequest,
            ("409", Problem("There is a file already, or nothing can be there")),
            WrongVersion,
            TooLarge,
            WrongDigest,
            Locked,
            ("429", Problem("There are too many unfinished uploads")),
            NoRoom,
            WrongChecksum);
        operation["requestBody"] = Body(required: false);
        return operation;
    }

    private static JsonObject Patch()
    {
        var operation = Operation(
            "appendToUpload",
            "Go on with an upload; with the last byte it becomes a file",
            [Id, Version, Required("Upload-Offset", "Bytes that are here already", Whole), Number("Upload-Length", "Bytes of the whole, where that is said now"), Checksum],
            ("204", With("How far it is", "Upload-Offset", "Upload-Expires", "Content-Location")),
            BadRequest,
            NotFound,
            ("409", Problem("The upload does not go on there; or what it would become can't be")),
            WrongVersion,
            TooLarge,
            ("415", Problem("The body is not application/offset+octet-stream")),
            WrongDigest,
            Locked,
            NoRoom,
            WrongChecksum);
        operation["requestBody"] = Body(required: true);
        return operation;
    }

    private static JsonObject Describe(string id) => ApiParts.Operation(
        id, Tag, "What of tus is spoken here", [], ("204", With("Version, extensions and limits", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm")));

    private static JsonObject WithId(JsonObject operation)
    {
        operation["parameters"] = new JsonArray(Id);
        return operation;
    }

    private static JsonObject Operation(string id, string summary, JsonObject[] parameters, params ReadOnlySpan<(string Status, JsonObject Response)> responses)
    {
        var operation = ApiParts.Operation(id, Tag, summary, parameters, responses);
        return TokenPaths.OfCaller(operation);
    }

    private static JsonObject Body(bool required) => new()
    {
        ["required"] = required,
        ["content"] = new JsonObject { ["application/offset+octet-stream"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } } },
    };

    private static JsonObject With(string description, params ReadOnlySpan<string> headers)
    {
        var response = new JsonObject { ["description"] = description };
        if (headers.Length > 0)
        {
            var all = new JsonObject();
            foreach (var header in headers)
            {
                all[header] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
            }

            response["headers"] = all;
        }

        return response;
    }

    private static JsonObject Problem(string description)
    {
        var response = ApiParts.Json(description, "exception");
        response["content"]!["application/problem+json"] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", "exception") };
        return response;
    }

    private static JsonObject Number(string name, string description)
    {
        var header = ApiParts.Header(name, description);
        header["schema"] = JsonNode.Parse(Whole);
        return header;
    }

    private static JsonObject Required(string name, string description, string schema)
    {
        var header = ApiParts.Header(name, description);
        header["required"] = true;
        header["schema"] = JsonNode.Parse(schema);
        return header;
    }
}
