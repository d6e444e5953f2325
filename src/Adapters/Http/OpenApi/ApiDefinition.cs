using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>The whole API as an OpenAPI 3.0 document. One method a path; what they share is in <see cref="ApiParts"/>.</summary>
internal static class ApiDefinition
{
    private const string Licence = "https://creativecommons.org/licenses/by/4.0/";

    public static JsonObject Make(string baseAddress) => new()
    {
        ["openapi"] = "3.0.3",
        ["info"] = new JsonObject
        {
            ["title"] = "GeoWps",
            ["description"] = "Geoprocessing on the web by OGC API - Processes - Part 1: Core 1.0.",
            ["version"] = "1.0.0",
            ["license"] = new JsonObject { ["name"] = "CC BY 4.0 (of this document)", ["url"] = Licence },
        },
        ["servers"] = new JsonArray(new JsonObject { ["url"] = baseAddress.TrimEnd('/') }),
        ["tags"] = new JsonArray(
            Tag("Capabilities", "What the server is and can do"),
            Tag("Processes", "Processes and their execution"),
            Tag("Deployment", "Processes that an operator adds, changes and takes away"),
            Tag("Jobs", "Executions and their results"),
            Tag("Layers", "What is published as maps"),
            Tag("Cache", "Tiles that are kept: made beforehand, made anew, removed"),
            Tag("WPS", "WPS 1.0.0 and 2.0.0"),
            Tag("Tiles", "Layers and their tiles"),
            Tag("WMTS and TMS", "The same tiles for clients of WMTS 1.0.0 and TMS 1.0.0"),
            Tag("Styles", "How layers are drawn"),
            Tag("Features", "Features of layers"),
            Tag("Tokens", "Who may do what"),
            Tag(UploadPaths.Tag, "Files that come in as many requests as it takes: tus 1.0.0"),
            Tag("Files", "Files of callers"),
            Tag("Records", "The catalogue: what this server knows, and the search in it"),
            Tag("Health", "For machines")),
        ["paths"] = Paths(new JsonObject
        {
            ["/"] = Document(Get("getLandingPage", "Capabilities", "Links to everything else", "landingPage")),
            ["/conformance"] = Document(Get("getConformance", "Capabilities", "The conformance classes of the server", "confClasses")),
            ["/api"] = Document(Api()),
            ["/processes"] = With(ProcessPaths.List(), ("post", DeploymentPaths.Deploy())),
            ["/processes/{processID}"] = With(ProcessPaths.Describe(), ("put", DeploymentPaths.Replace()), ("delete", DeploymentPaths.Undeploy())),
            ["/processes/{processID}/package"] = DeploymentPaths.Package(),
            ["/processes/{processID}/execution"] = TokenPaths.OfCallers(ProcessPaths.Execute()),
            ["/processes/{processID}/validation"] = TokenPaths.OfCallers(ProcessPaths.Validate()),
            ["/jobs"] = TokenPaths.OfCallers(JobPaths.List()),
            ["/jobs/{jobID}"] = TokenPaths.OfCallers(JobPaths.One()),
            ["/jobs/{jobID}/results"] = TokenPaths.OfCallers(JobPaths.Results()),
            ["/jobs/{jobID}/results/{output}"] = TokenPaths.OfCallers(JobPaths.Output()),
            ["/jobs/{jobID}/log"] = TokenPaths.OfCallers(JobPaths.Log()),
            ["/jobs/{jobID}/events"] = TokenPaths.OfCallers(JobPaths.Events()),
            ["/admin/layers"] = LayerPaths.All(),
            ["/admin/layers/{layer}"] = LayerPaths.One(),
            ["/admin/layers/{layer}/pin"] = LayerPaths.Pin(),
            ["/wps"] = TokenPaths.OfCallers(WpsPaths.Service()),
            ["/wps/status/{jobID}"] = TokenPaths.OfCallers(WpsPaths.Status()),
            ["/cache"] = SeedPaths.Cache(),
            ["/cache/{layer}"] = SeedPaths.LayerCache(),
            ["/cache/{layer}/seed"] = SeedPaths.Seed(),
            ["/cache/{layer}/expire"] = SeedPaths.Expire(),
            ["/admin/tokens"] = TokenPaths.All(),
            ["/admin/tokens/{token}"] = TokenPaths.One(),
            ["/admin/schedules"] = SchedulePaths.All(),
            ["/admin/schedules/{schedule}"] = SchedulePaths.One(),
            ["/admin/schedules/{schedule}/run"] = SchedulePaths.Run(),
            ["/admin/sources"] = SourcePaths.All(),
            ["/admin/sources/{source}"] = SourcePaths.One(),
            ["/admin/sources/{source}/run"] = SourcePaths.Run(),
            ["/health/live"] = new JsonObject { ["get"] = Health("getLive", "Whether the process answers", alsoNot: false) },
            ["/health/ready"] = new JsonObject { ["get"] = Health("getReady", "Whether the node takes new work", alsoNot: true) },
        }, [.. TilePaths.All(), .. WmtsPaths.All(), .. TmsPaths.All(), .. StylePaths.All(), .. FeaturePaths.All(), .. FilePaths.All(), .. UploadPaths.All(), .. RecordPaths.All(), .. SchemePaths.All()]),
        ["components"] = new JsonObject
        {
            ["schemas"] = Schemas(),
            ["parameters"] = ApiParts.Parameters(),
            ["responses"] = Responses(),
            ["securitySchemes"] = TokenPaths.SecuritySchemes(),
        },
    };

    private static JsonObject Paths(JsonObject paths, params IEnumerable<(string Path, JsonObject Operations)> more)
    {
        foreach (var (path, operations) in more)
        {
            paths[path] = operations;
        }

        return paths;
    }

    private static JsonObject Schemas()
    {
        var schemas = ApiSchemas.Make();
        LayerPaths.AddSchemas(schemas);
        SchedulePaths.AddSchemas(schemas);
        SourcePaths.AddSchemas(schemas);
        TokenPaths.AddSchemas(schemas);
        UploadPaths.AddSchemas(schemas);
        FilePaths.AddSchemas(schemas);
        return schemas;
    }

    private static JsonObject Responses()
    {
        var responses = ApiParts.Responses();
        FilePaths.AddResponses(responses);
        return responses;
    }

    private static JsonObject With(JsonObject path, params ReadOnlySpan<(string Verb, JsonObject Operation)> more)
    {
        foreach (var (verb, operation) in more)
        {
            path[verb] = operation;
        }

        return path;
    }

    private static JsonObject Tag(string name, string description) => new() { ["name"] = name, ["description"] = description };

    private static JsonObject Get(string id, string tag, string summary, string schema) =>
        ApiParts.Operation(id, tag, summary, [], ("200", ApiParts.Json(summary, schema)));

    /// <summary>What is made once and is JSON and a page.</summary>
    private static JsonObject Document(JsonObject operation)
    {
        operation["responses"]!["304"] = ApiParts.Ref("responses", "NotModified");
        return new JsonObject { ["get"] = ApiParts.OrPage(operation) };
    }

    private static JsonObject Api() => ApiParts.Operation("getApi", "Capabilities", "This document", [], ("200", new JsonObject
    {
        ["description"] = "The API definition",
        ["content"] = new JsonObject
        {
            [Media.OpenApi] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } },
            [Media.Json] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } },
        },
    }));

    private static JsonObject Health(string id, string summary, bool alsoNot)
    {
        var operation = Get(id, "Health", summary, "health");
        if (alsoNot)
        {
            operation["responses"]!["503"] = ApiParts.Json("It starts or stops", "health");
        }

        return operation;
    }
}
