using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Wps.Forms;

/// <summary>Derives the form of WPS from a JSON Schema; one rule for every process.</summary>
internal static class DataForms
{
    private const string Base64 = "base64";

    /// <param name="mediaTypes">Those that an output can be had in, the default first; empty: the schema tells.</param>
    public static DataForm Of(JsonObject schema, IReadOnlyList<string> mediaTypes)
    {
        var alternatives = Flatten(schema).ToList();
        if (alternatives.Any(alternative => FormatsOf(alternative).Contains("ogc-bbox")))
        {
            return new DataForm.Box();
        }

        var formats = alternatives.SelectMany(Formats).Distinct().ToList();
        if (formats.Count == 0)
        {
            return LiteralForms.Of(schema, alternatives);
        }

        if (alternatives.Any(alternative => IsPlainString(alternative)))
        {
            formats.Add(new DataFormat(MediaTypes.Text, null, null));
        }

        return new DataForm.Complex(Ordered(formats, mediaTypes));
    }

    /// <summary>The alternatives of a value, each with what stands beside them.</summary>
    public static IEnumerable<JsonObject> Flatten(JsonObject schema)
    {
        var choices = schema["oneOf"] as JsonArray ?? schema["anyOf"] as JsonArray;
        return choices is null ? [schema] : choices.OfType<JsonObject>().SelectMany(Flatten);
    }

    /// <summary>Whether a value may be an object or an array of JSON; otherwise JSON is a text like others.</summary>
    public static bool TakesStructures(JsonObject schema) =>
        Flatten(schema).Any(alternative => !alternative.ContainsKey("contentMediaType") && TypeOf(alternative) is null or "object" or "array");

    public static string? TypeOf(JsonObject schema) => Text(schema, "type") ?? Parts(schema).Select(TypeOf).FirstOrDefault(type => type is not null);

    private static IEnumerable<DataFormat> Formats(JsonObject schema)
    {
        if (Text(schema, "contentMediaType") is { } mediaType)
        {
            var encoding = schema.ContainsKey("contentEncoding") ? Base64 : null;
            yield return new DataFormat(mediaType, encoding, Text(schema, "contentSchema"));
            if (mediaType == "text/xml")
            {
                yield return new DataFormat("application/xml", encoding, null);
            }
        }
        else if (FormatsOf(schema).Any(format => format.StartsWith("geojson-", StringComparison.Ordinal)))
        {
            yield return new DataFormat(MediaTypes.GeoJson, null, null);
        }
        else if (TypeOf(schema) is null or "object" or "array")
        {
            yield return new DataFormat(MediaTypes.Json, null, null);
        }
    }

    /// <summary>GeoJSON first where it is taken; outputs in the order of their own list.</summary>
    private static List<DataFormat> Ordered(List<DataFormat> formats, IReadOnlyList<string> mediaTypes) =>
        mediaTypes.Count == 0
            ? [.. formats.OrderBy(format => format.MediaType == MediaTypes.GeoJson ? 0 : 1)]
            : [.. formats.OrderBy(format => MediaTypes.Match(format.MediaType, mediaTypes) is >= 0 and var place ? place : int.MaxValue)];

    private static bool IsPlainString(JsonObject schema) => TypeOf(schema) == "string" && !schema.ContainsKey("contentMediaType");

    private static IEnumerable<string> FormatsOf(JsonObject schema) =>
        Parts(schema).SelectMany(FormatsOf).Concat(Text(schema, "format") is { } format ? [format] : []);

    private static IEnumerable<JsonObject> Parts(JsonObject schema) => (schema["allOf"] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string? Text(JsonObject schema, string name) => schema[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
