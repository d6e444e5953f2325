using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Http.Wps.Forms;

/// <summary>The literal data of WPS: type, allowed values, range and default of a plain value's schema.</summary>
internal static class LiteralForms
{
    private static readonly Dictionary<string, string> OfFormat = new(StringComparer.Ordinal)
    {
        ["date-time"] = "dateTime",
        ["date"] = "date",
        ["time"] = "time",
        ["uri"] = "anyURI",
    };

    public static DataForm.Literal Of(JsonObject schema, IReadOnlyList<JsonObject> alternatives)
    {
        // Where a choice is known by number and by name, WPS lists the numbers: they are what a default names, and names are taken all the same.
        var numbered = alternatives.Where(alternative => DataForms.TypeOf(alternative) is "integer" or "number" or "boolean").ToList();
        var named = numbered.Count > 0 ? numbered : alternatives;
        var allowed = named.All(alternative => alternative["enum"] is JsonArray)
            ? named.SelectMany(alternative => alternative["enum"]!.AsArray()).Select(TextOf).Distinct().ToArray()
            : [];
        return new DataForm.Literal(
            TypeOf(named[0]),
            allowed,
            allowed.Length > 0 ? null : Range(named[0]),
            schema["default"] is { } preset ? TextOf(preset) : null);
    }

    /// <summary>A value of JSON as XML Schema writes it.</summary>
    public static string TextOf(JsonNode? value) =>
        value is JsonValue plain && plain.GetValueKind() == JsonValueKind.String ? plain.GetValue<string>() : value?.ToJsonString() ?? "";

    /// <summary>What the choices of an enumeration mean, for who reads the numbers: <c>0: Round, 1: Flat</c>.</summary>
    public static string? Choices(JsonObject schema)
    {
        var titled = DataForms.Flatten(schema)
            .Where(alternative => alternative.ContainsKey("title") && alternative["enum"] is JsonArray { Count: 1 })
            .Select(alternative => $"{TextOf(alternative["enum"]![0])}: {TextOf(alternative["title"])}")
            .ToArray();
        return titled.Length == 0 ? null : string.Join(", ", titled);
    }

    private static string TypeOf(JsonObject schema) => DataForms.TypeOf(schema) switch
    {
        "integer" => "integer",
        "number" => "double",
        "boolean" => "boolean",
        _ => schema["format"] is JsonValue format ? OfFormat.GetValueOrDefault(format.GetValue<string>(), "string") : "string",
    };

    private static LiteralRange? Range(JsonObject schema)
    {
        var (least, most) = (schema["minimum"], schema["maximum"]);
        if (least is null && most is null)
        {
            return null;
        }

        var (openBelow, openAbove) = (IsTrue(schema["exclusiveMinimum"]), IsTrue(schema["exclusiveMaximum"]));
        var closure = (openBelow, openAbove) switch
        {
            (false, false) => "closed",
            (true, true) => "open",
            (true, false) => "open-closed",
            (false, true) => "closed-open",
        };
        return new LiteralRange(least is null ? null : TextOf(least), most is null ? null : TextOf(most), closure);
    }

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.True;
}
