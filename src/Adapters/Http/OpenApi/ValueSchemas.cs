using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>
/// The schemas of inputs and outputs in the words of OpenAPI 3.0, which knows no <c>contentMediaType</c>; those of well-known objects lead to components, so
/// that nobody who generates a client needs to fetch anything. What is long and occurs again is a component of its own.
/// </summary>
internal sealed class ValueSchemas(JsonObject components)
{
    private const int LongEnough = 160;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

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
                .. input.ByReference ? (JsonNode[])[ApiParts.Ref("schemas", "reference")] : [],
            ]),
        };
        var schema = Shared(one);
        if (input.MaxOccurs == 1)
        {
            return schema;
        }

        var several = new JsonObject { ["type"] = "array", ["items"] = schema, ["minItems"] = Math.Max(1, input.MinOccurs) };
        if (input.MaxOccurs != InputDescription.Unbounded)
        {
            several["maxItems"] = input.MaxOccurs;
        }

        return Shared(new JsonObject { ["anyOf"] = new JsonArray(several, schema.DeepClone()) });
    }

    /// <summary>What stands for an output in a document of results.</summary>
    public JsonObject Output(OutputDescription output)
    {
        var value = Value(output.Schema);
        return Shared(new JsonObject { ["anyOf"] = new JsonArray(value, ApiParts.Ref("schemas", "qualifiedValue"), ApiParts.Ref("schemas", "reference")) });
    }

    private JsonObject Value(JsonObject schema) => Shared(Converted(schema));

    private static JsonObject Converted(JsonObject schema)
    {
        if (WellKnown(schema) is { } name)
        {
            return ApiParts.Ref("schemas", name);
        }

        var converted = new JsonObject();
        foreach (var (keyword, value) in schema)
        {
            switch (keyword)
            {
                case "contentMediaType":
                    converted["x-contentMediaType"] = value!.DeepClone();
                    break;
                case "contentEncoding":
                    converted["format"] = "byte";
                    break;
                case "contentSchema":
                    break;
                case "oneOf":
                    // A value may fit several alternatives: a generator must not refuse what the server takes.
                    converted["anyOf"] = All(value!.AsArray());
                    break;
                case "anyOf" or "allOf":
                    converted[keyword] = All(value!.AsArray());
                    break;
                case "items":
                    converted[keyword] = Converted(value!.AsObject());
                    break;
                case "properties":
                    converted[keyword] = new JsonObject(value!.AsObject().Select(property => KeyValuePair.Create(property.Key, (JsonNode?)Converted(property.Value!.AsObject()))));
                    break;
                default:
                    converted[keyword] = value?.DeepClone();
                    break;
            }
        }

        return converted;
    }

    private static JsonArray All(JsonArray schemas) => new([.. schemas.Select(schema => (JsonNode)Converted(schema!.AsObject()))]);

    /// <summary>The component that an <c>allOf</c> of a format and a published schema stands for.</summary>
    private static string? WellKnown(JsonObject schema) => schema["allOf"] is JsonArray parts
        ? parts.OfType<JsonObject>().Select(part => part["format"]?.GetValue<string>()).FirstOrDefault(format => format is not null) switch
        {
            "ogc-bbox" => "bbox",
            "geojson-feature-collection" => "featureCollection",
            "geojson-feature" => "feature",
            "geojson-geometry" => "geometry",
            _ => null,
        }
        : null;

    private JsonObject Shared(JsonObject schema)
    {
        var text = schema.ToJsonString();
        if (text.Length < LongEnough)
        {
            return schema;
        }

        if (!_names.TryGetValue(text, out var name))
        {
            name = $"value{_names.Count + 1}";
            _names.Add(text, name);
            components[name] = schema;
        }

        return ApiParts.Ref("schemas", name);
    }
}
