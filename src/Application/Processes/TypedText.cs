using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Application.Processes;

/// <summary>
/// Makes JSON of a value that a protocol writes as text (a parameter of an address, the content of an XML element), by the value's schema alone: nothing is
/// guessed where the schema says string. What fits no alternative stays a string, so that it is refused like every other wrong value.
/// </summary>
public static class TypedText
{
    private const int MostAlternatives = 4096;

    /// <param name="schema">JSON Schema of one value; of several alternatives the first that the text fits is taken.</param>
    /// <param name="text">White space around anything but a string does not count.</param>
    public static JsonNode ToJson(JsonObject schema, string text) =>
        Alternatives(schema).Take(MostAlternatives).Select(alternative => Read(alternative, text)).FirstOrDefault(json => json is not null) ?? JsonValue.Create(text);

    private static IEnumerable<JsonObject> Alternatives(JsonObject schema)
    {
        var choices = schema["oneOf"] as JsonArray ?? schema["anyOf"] as JsonArray;
        return choices is null ? [schema] : choices.OfType<JsonObject>().SelectMany(Alternatives);
    }

    private static JsonNode? Read(JsonObject schema, string text)
    {
        var json = TypeOf(schema) switch
        {
            "integer" => Integer(text.Trim()),
            "number" => Number(text.Trim()),
            "boolean" => Boolean(text.Trim()),
            "array" => Array(schema["items"] as JsonObject ?? [], text),
            "object" => Parsed(text, '{'),
            "string" => JsonValue.Create(text),
            _ => null,
        };
        return json is not null && schema["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, json)) ? null : json;
    }

    private static string? TypeOf(JsonObject schema) =>
        schema["type"] is JsonValue type ? type.GetValue<string>()
        : schema["allOf"] is JsonArray parts ? parts.OfType<JsonObject>().Select(TypeOf).FirstOrDefault(type => type is not null)
        : schema.ContainsKey("properties") ? "object"
        : null;

    private static JsonNode? Integer(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small) ? JsonValue.Create(small)
        : BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) ? JsonNode.Parse(large.ToString(CultureInfo.InvariantCulture))
        : null;

    /// <summary>A number of JSON stays as it is written; others (<c>+1</c>, <c>.5</c>, <c>5.</c>) are its value.</summary>
    private static JsonNode? Number(string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }

    /// <summary>XML Schema writes 1 and 0, too.</summary>
    private static JsonValue? Boolean(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => JsonValue.Create(true),
        "FALSE" or "0" => JsonValue.Create(false),
        _ => null,
    };

    private static JsonNode? Array(JsonObject items, string text)
    {
        if (text.AsSpan().TrimStart().StartsWith("["))
        {
            return Parsed(text, '[');
        }

        return TypeOf(items) is "object" or "array" || text.Length == 0 ? null : new JsonArray([.. text.Split(',').Select(item => ToJson(items, item))]);
    }

    private static JsonNode? Parsed(string text, char first)
    {
        if (text.AsSpan().TrimStart() is not [var start, ..] || start != first)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = RequestLimits.MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
