using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>WPS, as far as OpenAPI can tell: its own documents describe it.</summary>
internal static class WpsPaths
{
    private const string Tag = "WPS";

    public static JsonObject Service()
    {
        var post = ApiParts.Operation("postWps", Tag, "A request of WPS 1.0.0 or 2.0.0 as XML", [], Answers());
        post["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject { ["text/xml"] = Text(), ["application/xml"] = Text() },
        };
        return new JsonObject
        {
            ["get"] = ApiParts.Operation(
                "getWps",
                Tag,
                "A request of WPS 1.0.0 or 2.0.0 as parameters, whose names have no case",
                [
                    ApiParts.Query("service", "WPS", """{"type": "string"}"""),
                    ApiParts.Query("request", "GetCapabilities, DescribeProcess, Execute; in 2.0.0 also GetStatus, GetResult, Dismiss", """{"type": "string"}"""),
                    ApiParts.Query("version", "1.0.0 or 2.0.0", """{"type": "string"}"""),
                    ApiParts.Query("AcceptVersions", "Of GetCapabilities: versions, the most wanted first", """{"type": "string"}"""),
                    ApiParts.Query("identifier", "Processes, separated by commas, or ALL", """{"type": "string"}"""),
                    ApiParts.Query("DataInputs", "Of Execute: id=value;id=value, values percent-encoded", """{"type": "string"}"""),
                    ApiParts.Query("jobId", "Of GetStatus, GetResult and Dismiss", """{"type": "string"}"""),
                ],
                Answers()),
            ["post"] = post,
        };
    }

    public static JsonObject Status() => new()
    {
        ["get"] = ApiParts.Operation(
            "getWpsStatus",
            Tag,
            "The stored answer to an Execute of WPS 1.0.0",
            [ApiParts.Ref("parameters", "jobID")],
            ("200", Document("wps:ExecuteResponse")),
            ("401", Document("ows:ExceptionReport: the token that was sent does not count")),
            ("404", Document("ows:ExceptionReport: there is no such job"))),
    };

    private static (string Status, JsonObject Response)[] Answers() =>
    [
        ("200", Document("The document asked for, or a raw output in its own media type")),
        ("304", ApiParts.Ref("responses", "NotModified")),
        ("400", Document("ows:ExceptionReport")),
        ("401", Document("ows:ExceptionReport: a token is required, or the one that was sent does not count")),
        ("403", Document("ows:ExceptionReport: the token lacks the right")),
        ("404", Document("ows:ExceptionReport: there is no such process or job")),
        ("413", Document("ows:ExceptionReport: the request is too large")),
        ("422", Document("ows:ExceptionReport: the algorithm failed by what it was given")),
        ("503", Document("ows:ExceptionReport: too many jobs are waiting")),
    ];

    private static JsonObject Document(string description) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["text/xml"] = Text() },
    };

    private static JsonObject Text() => new() { ["schema"] = new JsonObject { ["type"] = "string" } };
}
