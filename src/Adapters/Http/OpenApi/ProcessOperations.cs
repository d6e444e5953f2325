using System.Text;
using System.Text.Json.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>A path for each process, with the schema of its own request and results: OGC API - Processes 1.0, clause 8.6.</summary>
internal static class ProcessOperations
{
    /// <summary>Adds them to the definition that says what all have in common.</summary>
    public static void Add(JsonObject definition, ProcessCatalogue catalogue)
    {
        var paths = definition["paths"]!.AsObject();
        var components = definition["components"]!;
        var schemas = new ValueSchemas(new RepeatedParts("schemas", "value", components["schemas"]!.AsObject()));
        var responses = new RepeatedParts("responses", "results", components["responses"]!.AsObject());
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var process in catalogue.Processes.Values.OrderBy(process => process.Id, StringComparer.Ordinal))
        {
            paths[$"/processes/{process.Id}/execution"] = new JsonObject { ["post"] = Operation(process, schemas, responses, ids) };
        }
    }

    private static JsonObject Operation(ProcessDescription process, ValueSchemas schemas, RepeatedParts responses, HashSet<string> ids)
    {
        var body = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Request(process, schemas) } },
        };

        // The id stands in the path itself.
        var operation = ProcessPaths.ExecuteOperation(OperationId(process.Id, ids), process.Title, body);
        if (!string.IsNullOrEmpty(process.Description))
        {
            operation["description"] = process.Description;
        }

        operation["responses"]!["200"] = responses.Put(Results(process, schemas));
        return operation;
    }

    private static JsonObject Request(ProcessDescription process, ValueSchemas schemas)
    {
        var inputs = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(process.Inputs.Select(input => KeyValuePair.Create(input.Id, (JsonNode?)Described(schemas.Input(input), input.Title)))),
            ["additionalProperties"] = false,
        };
        string[] required = [.. process.Inputs.Where(input => input.MinOccurs > 0).Select(input => input.Id)];
        if (required.Length > 0)
        {
            inputs["required"] = new JsonArray([.. required.Select(id => (JsonNode)id)]);
        }

        var outputs = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Those wanted; left out: all that are not optional",
            ["properties"] = new JsonObject(process.Outputs.Select(output => KeyValuePair.Create(output.Id, (JsonNode?)Described(schemas.Wanted(output), output.Title)))),
            ["additionalProperties"] = false,
        };
        var request = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["inputs"] = inputs,
                ["outputs"] = outputs,
                ["response"] = ApiParts.Ref("schemas", "responseForm"),
                ["subscriber"] = ApiParts.Ref("schemas", "subscriber"),
            },
        };
        if (required.Length > 0)
        {
            request["required"] = new JsonArray("inputs");
        }

        return request;
    }

    /// <summary>A document of all outputs; of a process of one output also its bare value, in each media type that it can be had in.</summary>
    private static JsonObject Results(ProcessDescription process, ValueSchemas schemas)
    {
        var document = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(process.Outputs.Select(output => KeyValuePair.Create(output.Id, (JsonNode?)schemas.Output(output)))),
        };
        var content = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = document } };
        if (process.Outputs is [var only])
        {
            foreach (var mediaType in only.MediaTypes.Count > 0 ? only.MediaTypes : [MediaTypes.Text])
            {
                content.TryAdd(mediaType, new JsonObject { ["schema"] = Bare(mediaType) });
            }
        }
        else
        {
            content["multipart/related"] = new JsonObject { ["schema"] = Bytes() };
            content["*/*"] = new JsonObject { ["schema"] = Bytes() };
        }

        return new JsonObject { ["description"] = "The results, in the form that response and outputs ask for", ["content"] = content };
    }

    private static JsonObject Bare(string mediaType) =>
        mediaType == MediaTypes.GeoJson ? ApiParts.Ref("schemas", "geoJson")
        : MediaTypes.IsText(mediaType) ? new JsonObject { ["type"] = "string" }
        : Bytes();

    private static JsonObject Bytes() => new() { ["type"] = "string", ["format"] = "binary" };

    /// <summary>Beside a reference nothing may stand.</summary>
    private static JsonObject Described(JsonObject schema, string title) =>
        schema.ContainsKey("$ref") ? new JsonObject { ["allOf"] = new JsonArray(schema), ["title"] = title } : Titled(schema, title);

    private static JsonObject Titled(JsonObject schema, string title)
    {
        schema["title"] = title;
        return schema;
    }

    /// <summary>A name that a program can have: <c>execute_native_buffer</c>.</summary>
    private static string OperationId(string process, HashSet<string> taken)
    {
        var name = new StringBuilder("execute_");
        foreach (var letter in process)
        {
            name.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }

        var id = name.ToString();
        for (var i = 2; !taken.Add(id); i++)
        {
            id = $"{name}_{i}";
        }

        return id;
    }
}
