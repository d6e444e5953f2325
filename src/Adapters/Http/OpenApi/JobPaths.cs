using System.Text.Json.Nodes;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>The paths below <c>/jobs</c>.</summary>
internal static class JobPaths
{
    private const string Tag = "Jobs";

    private static JsonObject JobId => ApiParts.Ref("parameters", "jobID");

    public static JsonObject List() => new()
    {
        ["get"] = ApiParts.OrPage(ApiParts.Operation(
            "getJobs",
            Tag,
            "The jobs, newest first",
            [
                ApiParts.List("type", "Types of jobs", """{"type": "string", "enum": ["process"]}"""),
                ApiParts.List("processID", "Jobs of these processes", """{"type": "string"}"""),
                ApiParts.List("status", "Jobs in these states", """{"type": "string", "enum": ["accepted", "running", "successful", "failed", "dismissed"]}"""),
                ApiParts.Query("parentJobID", "The steps of this chain", """{"type": "string"}"""),
                ApiParts.Query("datetime", "Created then: a date-time, or an interval of two divided by /, either of which may be ..", """{"type": "string"}"""),
                ApiParts.List("minDuration", "Seconds that they ran at least", """{"type": "integer", "minimum": 0}"""),
                ApiParts.List("maxDuration", "Seconds that they ran at most", """{"type": "integer", "minimum": 0}"""),
                ApiParts.Query("limit", "How many on a page", """{"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}"""),
                ApiParts.Query("after", "The id of the last job of the page before", """{"type": "string"}"""),
            ],
            ("200", ApiParts.Json("A list of jobs", "jobList")),
            BadRequest)),
        ["post"] = ProcessPaths.CreateJob(),
    };

    public static JsonObject One() => new()
    {
        ["get"] = ApiParts.OrPage(ApiParts.Operation(
            "getStatus", Tag, "A job's state", [JobId], ("200", ApiParts.Json("The state", "statusInfo")), NotFound)),
        ["delete"] = ApiParts.Operation(
            "dismiss",
            Tag,
            "Call a job off, or remove it with its results when it has ended; one that the administrator started needs the token",
            [JobId],
            ("200", ApiParts.Json("The job, dismissed", "statusInfo")),
            Unauthorized,
            Forbidden,
            NotFound),
    };

    public static JsonObject Results() => new()
    {
        ["get"] = ApiParts.OrPage(ApiParts.Operation(
            "getResults",
            Tag,
            "A job's results, in the form that its request asked for",
            [JobId, ApiParts.List("outputs", "Only these outputs; left out: all that the request asked for", """{"type": "string"}""")],
            ("200", ProcessPaths.Value()),
            ("204", ApiParts.Ref("responses", "References")),
            ("400", ApiParts.Ref("responses", "Failed")),
            NotFound,
            ("410", ApiParts.Ref("responses", "Gone")),
            Failed)),
    };

    public static JsonObject Output()
    {
        var content = new JsonObject
        {
            ["description"] = "The bare value in its media type",
            ["content"] = new JsonObject { ["*/*"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } } },
        };
        return new JsonObject
        {
            ["get"] = ApiParts.Operation(
                "getOutput",
                Tag,
                "One result by the id of its output or its file name",
                [
                    JobId,
                    ApiParts.Path("output", "The id of an output, or the name of a file"),
                    ApiParts.Header("Range", "RFC 9110: bytes=0-99"),
                ],
                ("200", content),
                ("206", content.DeepClone().AsObject()),
                ("304", ApiParts.Ref("responses", "NotModified")),
                ("400", ApiParts.Ref("responses", "Failed")),
                NotFound,
                ("410", ApiParts.Ref("responses", "Gone")),
                ("416", ApiParts.Ref("responses", "OutOfRange")),
                Failed),
        };
    }

    public static JsonObject Log() => new()
    {
        ["get"] = ApiParts.OrPage(ApiParts.Operation(
            "getLog",
            Tag,
            "What a job said, in order",
            [
                JobId,
                ApiParts.Query("skip", "How many entries were read before", """{"type": "integer", "minimum": 0, "default": 0}"""),
                ApiParts.Query("limit", "How many entries", """{"type": "integer", "minimum": 1, "maximum": 10000, "default": 1000}"""),
            ],
            ("200", ApiParts.Json("The entries", "log")),
            BadRequest,
            NotFound)),
    };

    public static JsonObject Events() => new()
    {
        ["get"] = ApiParts.Operation(
            "getEvents",
            Tag,
            "A job's progress as server-sent events (status, progress, log, results), from its present state to its end",
            [JobId, ApiParts.Header("Last-Event-ID", "Sent by a browser that comes back; end: it has seen everything")],
            ("200", new JsonObject
            {
                ["description"] = "A stream that ends with the job",
                ["content"] = new JsonObject { ["text/event-stream"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } },
            }),
            ("204", new JsonObject { ["description"] = "Nothing will come any more" }),
            NotFound),
    };
}
