using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>
/// A schema of a description in the words of OpenAPI 3.0 (clause 4.7.24), which is what generators of clients read: descriptions may be anybody's, and speak
/// JSON Schema of any year. What OpenAPI has no word for is left out, or kept as an extension where it tells a reader something.
/// </summary>
internal static class OpenApiSchema
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "title", "description", "default", "format", "pattern", "multipleOf", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
        "minProperties", "maxProperties", "nullable", "readOnly", "writeOnly", "deprecated", "example",
    };

    public static JsonObject Of(JsonNode? schema)
    {
        // "Anything" and what nobody can read are the same here.
        if (schema is not JsonObject source)
        {
            return [];
        }

        if (WellKnown(source) is { } name)
        {
            return ApiParts.Ref("schemas", name);
        }

        var converted = new JsonObject();
        foreach (var (keyword, value) in source)
        {
            Convert(converted, keyword, value);
        }

        if (Is(converted, "array") && !converted.ContainsKey("items"))
        {
            converted["items"] = new JsonObject();
        }

        return converted;
    }

    private static void Convert(JsonObject converted, string keyword, JsonNode? value)
    {
        switch (keyword)
        {
            case "type":
                ConvertType(converted, value);
                break;
            case "contentMediaType" or "contentSchema":
                converted["x-" + keyword] = value?.DeepClone();
                break;
            case "contentEncoding":
                converted["format"] = "byte";
                break;
            case "const":
                converted["enum"] = new JsonArray(value?.DeepClone());
                break;
            case "enum" or "required" when value is JsonArray { Count: > 0 }:
                converted[keyword] = value.DeepClone();
                break;
            case "oneOf" or "anyOf" when value is JsonArray { Count: > 0 } choices:
                // A value may fit several alternatives: nobody must refuse what the server takes.
                converted["anyOf"] = OpenApiChoices.Of([.. choices.Select(Of)]);
                break;
            case "allOf" when value is JsonArray { Count: > 0 } parts:
                converted[keyword] = new JsonArray([.. parts.Select(part => (JsonNode)Of(part))]);
                break;
            case "not" or "items":
                converted[keyword] = Of(value);
                break;
            case "properties" when value is JsonObject properties:
                converted[keyword] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)Of(property.Value))));
                break;
            case "additionalProperties":
                converted[keyword] = value is JsonObject ? Of(value) : value?.DeepClone();
                break;
            case "exclusiveMinimum" or "exclusiveMaximum":
                ConvertBound(converted, keyword, value);
                break;
            default:
                if (Kept.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal))
                {
                    converted[keyword] = value?.DeepClone();
                }

                break;
        }
    }

    /// <summary>A list of types is a choice, and <c>null</c> in it a word of its own.</summary>
    private static void ConvertType(JsonObject converted, JsonNode? value)
    {
        var names = (value as JsonArray ?? [value?.DeepClone()]).Select(type => type?.ToString()).ToList();
        if (names.Remove("null"))
        {
            converted["nullable"] = true;
        }

        if (names is [var only])
        {
            converted["type"] = only;
        }
        else if (names.Count > 1)
        {
            converted["anyOf"] = new JsonArray([.. names.Select(name => (JsonNode)Of(new JsonObject { ["type"] = name }))]);
        }
    }

    /// <summary>Since 2019 a number of its own, in OpenAPI 3.0 a switch beside the bound.</summary>
    private static void ConvertBound(JsonObject converted, string keyword, JsonNode? value)
    {
        if (value?.GetValueKind() == JsonValueKind.Number)
        {
            converted[keyword == "exclusiveMinimum" ? "minimum" : "maximum"] = value.DeepClone();
            converted[keyword] = true;
        }
        else if (value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
        {
            converted[keyword] = value.DeepClone();
        }
    }

    private static bool Is(JsonObject schema, string type) => schema["type"] is JsonValue value && value.TryGetValue<string>(out var name) && name == type;

    /// <summary>The component that a format of OGC stands for, alone or beside a published schema.</summary>
    private static string? WellKnown(JsonObject schema) => Component(schema)
        ?? (schema["allOf"] as JsonArray)?.OfType<JsonObject>().Select(Component).FirstOrDefault(name => name is not null);

    private static string? Component(JsonObject schema) => schema["format"] is JsonValue value && value.TryGetValue<string>(out var format)
        ? format[(format.LastIndexOf('/') + 1)..] switch
        {
            "ogc-bbox" => "bbox",
            "geojson-feature-collection" => "featureCollection",
            "geojson-feature" => "feature",
            "geojson-geometry" => "geometry",
            _ => null,
        }
        : null;
}
