using System.Text.Json;

namespace GeoWps.Application.Processes;

/// <summary>Media type and encoding of a value: they stand beside it or in its <c>format</c>. Clause 7.11.2.2.</summary>
/// <param name="Encoding"><c>base64</c>, or none.</param>
public sealed record ValueFormat(string? MediaType, string? Encoding)
{
    /// <param name="typeMember">What the media type is called beside <c>mediaType</c>: <c>type</c> for a reference.</param>
    /// <returns>The format, or what is wrong with it.</returns>
    public static (ValueFormat? Format, string? Mistake) Read(JsonElement json, string typeMember)
    {
        var format = json.TryGetProperty("format", out var inside) ? inside : default;
        if (format.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
        {
            return (null, "format must be an object");
        }

        string? mediaType = null, encoding = null;
        var mistake = Text(json, typeMember, ref mediaType) ?? Text(json, "mediaType", ref mediaType) ?? Text(json, "encoding", ref encoding)
            ?? Text(format, "mediaType", ref mediaType) ?? Text(format, "encoding", ref encoding);
        if (mistake is not null)
        {
            return (null, mistake);
        }

        return encoding?.ToUpperInvariant() switch
        {
            "BASE64" or "BINARY" => (new ValueFormat(mediaType, "base64"), null),
            null or "" or "UTF-8" or "UTF8" or "NONE" or "RAW" => (new ValueFormat(mediaType, null), null),
            _ => (null, $"encoding must be base64 or left out (got {encoding})"),
        };
    }

    private static string? Text(JsonElement json, string member, ref string? text)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return $"{member} must be a string";
        }

        text = value.GetString() is { Length: > 0 } given ? given : text;
        return null;
    }
}
