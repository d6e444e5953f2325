using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>
/// The alternatives of a value, fewer than a description has: one for all media types that are text, one for all that are base64, one for all numbers of an
/// enumeration. A generator makes a type of each, and there is nothing to tell them apart by.
/// </summary>
internal static class OpenApiChoices
{
    private const string MediaType = "x-contentMediaType";

    /// <param name="alternatives">In the words of OpenAPI.</param>
    public static JsonArray Of(IReadOnlyList<JsonObject> alternatives)
    {
        var groups = new List<(string? Kind, List<JsonObject> Members)>();
        foreach (var alternative in alternatives)
        {
            var kind = KindOf(alternative);
            if (kind is not null && groups.Find(group => group.Kind == kind).Members is { } members)
            {
                members.Add(alternative);
            }
            else
            {
                groups.Add((kind, [alternative]));
            }
        }

        return new JsonArray([.. groups.Select(group => (JsonNode)(group.Members.Count == 1 ? group.Members[0] : Merged(group.Members)))]);
    }

    /// <returns>The same for alternatives that can be one; <see langword="null"/> for those that stand alone.</returns>
    private static string? KindOf(JsonObject schema)
    {
        if (schema["type"] is not JsonValue type)
        {
            return null;
        }

        if (schema.ContainsKey(MediaType) && schema.All(member => member.Key is "type" or "format" or "x-contentSchema" or MediaType))
        {
            return schema.ContainsKey("format") ? "bytes" : "text";
        }

        return schema["enum"] is JsonArray { Count: 1 } && schema.All(member => member.Key is "type" or "enum" or "title") ? $"choice of {type}" : null;
    }

    private static JsonObject Merged(List<JsonObject> members)
    {
        var merged = new JsonObject { ["type"] = members[0]["type"]!.DeepClone() };
        if (members[0].ContainsKey(MediaType))
        {
            var isText = !members[0].ContainsKey("format");
            merged["description"] = (isText ? "As text: " : "In base64: ") + string.Join(", ", members.Select(member => member[MediaType]));
            if (!isText)
            {
                merged["format"] = "byte";
            }

            return merged;
        }

        merged["enum"] = new JsonArray([.. members.Select(member => member["enum"]![0]?.DeepClone())]);
        if (members.TrueForAll(member => member["title"]?.GetValueKind() == JsonValueKind.String))
        {
            merged["x-enum-descriptions"] = new JsonArray([.. members.Select(member => member["title"]!.DeepClone())]);
        }

        return merged;
    }
}
