using System.Text.Json.Nodes;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>The paths below <c>/processes</c>.</summary>
internal static class ProcessPaths
{
    private const string Tag = "Processes";

    private static JsonObject ProcessId => ApiParts.Ref("parameters", "processID");

    public static JsonObject List() => new()
    {
        ["get"] = ApiParts.OrPage(ApiParts.Operation(
            "getProcesses",
            Tag,
            "The processes offered",
            [
                ApiParts.Query("limit", "How many on a page", """{"type": "integer", "minimum": 1, "maximum": 10000, "default": 1000}"""),
                ApiParts.Query("q", "Words that must all occur in the id, title, description or keywords", """{"type": "string"}"""),
                ApiParts.Query("after", "The id of the last process of the page before", """{"type": "string"}"""),
            ],
            ("200", ApiParts.Json("A list of processes", "processList")),
            ("304", ApiParts.Ref("responses", "NotModified")),
            BadRequest)),
    };

    public static JsonObject Describe() => new()
    {
        ["get"] = ApiParts.OrPage(ApiParts.Operation(
            "getProcess",
            Tag,
            "One process with its inputs and outputs",
            [ProcessId],
            ("200", ApiParts.Json("A process description", "process")),
            ("304", ApiParts.Ref("responses", "NotModified")),
            NotFound)),
    };

    public static JsonObject Execute() => new() { ["get"] = ByParameters(), ["post"] = ExecuteOperation("execute", "Execute a process", Body(), ProcessId) };

    /// <summary>The draft of version 2.0: the request names its process.</summary>
    public static JsonObject CreateJob() =>
        ExecuteOperation("createJob", "Execute the process that the request names in its member process (draft of version 2.0)", Body());

    /// <param name="path">The parameters in the path.</param>
    public static JsonObject ExecuteOperation(string id, string summary, JsonObject body, params ReadOnlySpan<JsonObject> path)
    {
        var operation = ApiParts.Operation(
            id,
            Tag,
            summary,
            [
                .. path,
                ApiParts.Ref("parameters", "Prefer"),
                ApiParts.Ref("parameters", "CacheControl"),
                ApiParts.Ref("parameters", "IdempotencyKey"),
            ],
            ("200", Value()),
            ("201", ApiParts.Ref("responses", "Created")),
            ("204", ApiParts.Ref("responses", "References")),
            BadRequest,
            NotFound,
            ("410", ApiParts.Ref("responses", "Gone")),
            TooLarge,
            NotJson,
            Failed,
            ("424", ApiParts.Ref("responses", "Failed")),
            Full);
        operation["requestBody"] = body;
        return operation;
    }

    private static JsonObject ByParameters()
    {
        // Inputs are called as they are called: OpenAPI names such parameters by an object that is exploded.
        var inputs = ApiParts.Query("inputs", "A parameter for each input: input=value, input[href]=address, input[type]=media type", """{"type": "object", "additionalProperties": {"type": "string"}}""");
        inputs["style"] = "form";
        inputs["explode"] = true;
        return ApiParts.Operation(
            "executeByParameters",
            Tag,
            "Execute a process with its inputs as parameters (draft of version 2.0); the answer waits for the results",
            [
                ProcessId,
                inputs,
                ApiParts.List("outputs", "The outputs wanted", """{"type": "string"}"""),
                ApiParts.Query("response", "One bare value, or a document", """{"type": "string", "enum": ["raw", "document"], "default": "raw"}"""),
            ],
            ("200", Value()),
            ("204", ApiParts.Ref("responses", "References")),
            BadRequest,
            NotFound,
            ("410", ApiParts.Ref("responses", "Gone")),
            Failed,
            Full);
    }

    public static JsonObject Validate()
    {
        var operation = ApiParts.Operation(
            "validate",
            Tag,
            "Check an execute request without running it",
            [ProcessId],
            ("200", ApiParts.Json("The request is valid", "valid")),
            BadRequest,
            NotFound,
            TooLarge,
            NotJson,
            Failed,
            ("424", ApiParts.Ref("responses", "Failed")));
        operation["requestBody"] = Body();
        return new JsonObject { ["post"] = operation };
    }

    /// <summary>Results in whichever form was asked for.</summary>
    public static JsonObject Value() => new()
    {
        ["description"] = "The results: a document of all, the bare value of one, or several bare ones as multipart/related",
        ["headers"] = new JsonObject { ["Link"] = HeaderOf("rel=monitor: the job") },
        ["content"] = new JsonObject
        {
            ["application/json"] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", "results") },
            ["multipart/related"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } },
            ["*/*"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } },
        },
    };

    public static JsonObject References() => new()
    {
        ["description"] = "All results by reference: a Link each",
        ["headers"] = new JsonObject { ["Link"] = HeaderOf("Where the results are") },
    };

    public static JsonObject Created()
    {
        var response = ApiParts.Json("A job was made", "statusInfo");
        response["headers"] = new JsonObject { ["Location"] = HeaderOf("The job"), ["Preference-Applied"] = HeaderOf("respond-async") };
        return response;
    }

    private static JsonObject HeaderOf(string description) => new() { ["description"] = description, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject Body() => new()
    {
        ["required"] = true,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", "execute") } },
    };
}
