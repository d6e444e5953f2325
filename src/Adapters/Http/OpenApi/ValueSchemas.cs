using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>
/// The schemas of inputs and outputs; those of well-known objects lead to components, so that nobody who generates a client needs to fetch anything.
/// </summary>
internal sealed class ValueSchemas(RepeatedParts repeated)
{
    /// <summary>The ways in which a value of an input may be given: bare, with its media type, by reference; several as an array.</summary>
    public JsonObject Input(InputDescription input)
    {
        var value = Value(input.Schema);
        var one = new JsonObject
        {
            ["anyOf"] = new JsonArray(
            [
                value,
                new JsonObject { ["allOf"] = new JsonArray(ApiParts.Ref("schemas", "qualifiedValue"), new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["value"] = value.DeepClone() } }) },
                .. input.ByReference ? (JsonNode[])[ApiParts.Ref("schemas", "reference"), ApiParts.Ref("schemas", "nestedExecution")] : [],
                .. input.ByReference && TakesFeatures(input.Schema) ? (JsonNode[])[ApiParts.Ref("schemas", "collection")] : [],
            ]),
        };
        var schema = repeated.Put(one);
        if (input.MaxOccurs == 1)
        {
            return schema;
        }

        var several = new JsonObject { ["type"] = "array", ["items"] = schema, ["minItems"] = Math.Max(1, input.MinOccurs) };
        if (input.MaxOccurs != InputDescription.Unbounded)
        {
            several["maxItems"] = input.MaxOccurs;
        }

        return repeated.Put(new JsonObject { ["anyOf"] = new JsonArray(several, schema.DeepClone()) });
    }

    /// <summary>What stands for an output in a document of results.</summary>
    public JsonObject Output(OutputDescription output)
    {
        var value = Value(output.Schema);
        return repeated.Put(new JsonObject { ["anyOf"] = new JsonArray(value, ApiParts.Ref("schemas", "qualifiedValue"), ApiParts.Ref("schemas", "reference")) });
    }

    /// <summary>What can be asked for an output.</summary>
    public JsonObject Wanted(OutputDescription output)
    {
        var properties = new JsonObject { ["transmissionMode"] = ApiParts.Ref("schemas", "transmissionMode") };
        if (output.MediaTypes.Count > 0)
        {
            var mediaType = new JsonObject
            {
                ["type"] = "string", ["description"] = string.Join(", ", output.MediaTypes), ["default"] = output.MediaTypes[0],
            };
            properties["publish"] = ApiParts.Ref("schemas", "publish");
            properties["format"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["mediaType"] = mediaType } };
        }

        return repeated.Put(new JsonObject { ["type"] = "object", ["properties"] = properties });
    }

    private static bool TakesFeatures(JsonObject schema) => schema.ToJsonString().Contains("geojson-feature-collection", StringComparison.Ordinal);

    private JsonObject Value(JsonObject schema) => repeated.Put(OpenApiSchema.Of(schema));
}
