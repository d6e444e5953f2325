using System.Text.Json.Nodes;
using GeoWps.Application.Processes.Deployment;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>What changes processes: OGC API - Processes - Part 2. Every operation needs the token.</summary>
internal static class DeploymentPaths
{
    private const string Tag = "Deployment";

    private static JsonObject ProcessId => ApiParts.Ref("parameters", "processID");

    private static JsonObject Which =>
        ApiParts.Query("w", "Which process of a package with several: its id, with or without model: or script:", """{"type": "string"}""");

    public static JsonObject Deploy()
    {
        var deployed = ApiParts.Json("The process was deployed", "processSummary");
        deployed["headers"] = new JsonObject { ["Location"] = new JsonObject { ["description"] = "The process", ["schema"] = new JsonObject { ["type"] = "string" } } };
        return Guarded("deploy", "Add a process: a model or a script", [Which], body: true,
            ("201", deployed),
            BadRequest,
            Forbidden,
            Conflict,
            TooLarge,
            ("415", ApiParts.Ref("responses", "NotDeployable")),
            Full);
    }

    public static JsonObject Replace() => Guarded("replace", "Put another version in the place of a deployed process", [ProcessId, Which], body: true,
        ("204", new JsonObject { ["description"] = "The process was replaced" }),
        BadRequest,
        Forbidden,
        NotFound,
        TooLarge,
        ("415", ApiParts.Ref("responses", "NotDeployable")),
        Full);

    public static JsonObject Undeploy() => Guarded("undeploy", "Take a deployed process away", [ProcessId], body: false,
        ("204", new JsonObject { ["description"] = "The process was undeployed" }),
        Forbidden,
        NotFound,
        Full);

    public static JsonObject Package() => new()
    {
        ["get"] = Guarded("getPackage", "What a process was deployed with", [ProcessId], body: false,
            ("200", new JsonObject { ["description"] = "The package, model or script as it was sent", ["content"] = Content() }),
            ("304", ApiParts.Ref("responses", "NotModified")),
            Forbidden,
            NotFound),
    };

    /// <summary>An operation behind the token.</summary>
    private static JsonObject Guarded(
        string id, string summary, JsonObject[] parameters, bool body, params ReadOnlySpan<(string Status, JsonObject Response)> responses)
    {
        var operation = TokenPaths.Administered(ApiParts.Operation(id, Tag, summary, parameters, responses));
        if (body)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content() };
        }

        return operation;
    }

    private static JsonObject Content() => new()
    {
        [PackageMedia.Package] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", "ogcapppkg") },
        [PackageMedia.Model] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } },
        [PackageMedia.Script] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } },
    };
}
