using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>What the paths of the API definition share, and the words to write them in.</summary>
internal static class ApiParts
{
    public static JsonObject Ref(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    /// <summary>Each operation may also fail in a way that it does not name.</summary>
    public static JsonObject Operation(
        string id, string tag, string summary, JsonObject[] parameters, params ReadOnlySpan<(string Status, JsonObject Response)> responses)
    {
        var operation = new JsonObject { ["operationId"] = id, ["summary"] = summary, ["tags"] = new JsonArray(tag) };
        if (parameters.Length > 0)
        {
            operation["parameters"] = new JsonArray([.. parameters]);
        }

        var all = new JsonObject();
        foreach (var (status, response) in responses)
        {
            all[status] = response;
        }

        all["default"] = Ref("responses", "ServerError");
        operation["responses"] = all;
        return operation;
    }

    public static JsonObject Json(string description, string schema) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Ref("schemas", schema) } },
    };

    /// <summary>A resource that is a document for programs and a page for people: <c>f</c> or <c>Accept</c> chooses.</summary>
    public static JsonObject OrPage(JsonObject operation)
    {
        var parameters = operation["parameters"] as JsonArray ?? [];
        parameters.Add(Ref("parameters", "f"));
        operation["parameters"] = parameters;
        var responses = operation["responses"]!.AsObject();
        responses["200"]!["content"]!["text/html"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        responses.TryAdd("400", Ref("responses", "BadRequest"));
        return operation;
    }

    public static JsonObject Query(string name, string description, string schema) => Parameter(name, "query", description, schema);

    /// <summary>A list, separated by commas.</summary>
    public static JsonObject List(string name, string description, string itemSchema)
    {
        var parameter = Parameter(name, "query", description, $$"""{"type": "array", "items": {{itemSchema}}}""");
        parameter["style"] = "form";
        parameter["explode"] = false;
        return parameter;
    }

    public static JsonObject Header(string name, string description) => Parameter(name, "header", description, """{"type": "string"}""");

    public static JsonObject Path(string name, string description)
    {
        var parameter = Parameter(name, "path", description, """{"type": "string"}""");
        parameter["required"] = true;
        return parameter;
    }

    public static JsonObject Parameters() => new()
    {
        ["processID"] = Path("processID", "The id of a process, such as native:buffer"),
        ["jobID"] = Path("jobID", "The id of a job"),
        ["Prefer"] = Header("Prefer", "RFC 7240: respond-async for a job at once; wait=N to have its answer held back for up to N seconds"),
        ["CacheControl"] = Header("Cache-Control", "RFC 9111: max-age=N where the results of an equal request of up to N seconds ago will do; no-cache or no-store where not"),
        ["IdempotencyKey"] = Header("Idempotency-Key", "Up to 128 visible characters: the same key with the same body gives the same job, for a day"),
        ["f"] = Query("f", "The form of the answer, instead of Accept: JSON, or a page to read", """{"type": "string", "enum": ["json", "html"]}"""),
    };

    public static JsonObject Responses() => new()
    {
        ["Created"] = ProcessPaths.Created(),
        ["References"] = ProcessPaths.References(),
        ["NotModified"] = new JsonObject { ["description"] = "The caller has it already" },
        ["BadRequest"] = Problem("The request is wrong; mistakes names every place"),
        ["NotFound"] = Problem("There is no such process, job or result, or the result is not ready"),
        ["Gone"] = Problem("The job was dismissed"),
        ["TooLarge"] = Problem("The request is too large"),
        ["NotJson"] = Problem("The request is not JSON"),
        ["Unauthorized"] = Problem("A token is required, or the one that was sent does not count (RFC 6750)"),
        ["Forbidden"] = Problem("The token lacks the right, or the process was not deployed and can not be changed"),
        ["Conflict"] = Problem("What is there already is in the way"),
        ["NotDeployable"] = Problem("Nothing of this media type can be deployed"),
        ["OutOfRange"] = new JsonObject { ["description"] = "The range lies outside the content" },
        ["Failed"] = Problem("The job failed by what it was given; or the Idempotency-Key was used before with another request"),
        ["Full"] = Problem("Too many jobs are waiting, or the node is stopping; Retry-After says when to come back"),
        ["ServerError"] = Problem("Something failed on the server"),
    };

    private static JsonObject Problem(string description)
    {
        var response = Json(description, "exception");
        response["content"]!["application/problem+json"] = new JsonObject { ["schema"] = Ref("schemas", "exception") };
        response["content"]!["text/html"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        return response;
    }

    private static JsonObject Parameter(string name, string place, string description, string schema) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["description"] = description,
        ["required"] = false,
        ["schema"] = JsonNode.Parse(schema),
    };
}
