using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Recall;

/// <summary>Writes a value so that equal values are written equally: members in the order of their names, a part that was moved out by the digest of its content.</summary>
/// <param name="attachments">SHA-256 by number.</param>
internal sealed class CanonicalJson(Utf8JsonWriter json, IReadOnlyDictionary<int, string> attachments)
{
    public void Write(JsonElement value)
    {
        if (Attachment.TryGetNumber(value, out var number) && attachments.TryGetValue(number, out var digest))
        {
            json.WriteStartObject();
            json.WriteString(Attachment.Marker, digest);
            json.WriteEndObject();
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(member.Name);
                    Write(member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(item);
                }

                json.WriteEndArray();
                break;
            default:
                // Numbers keep their digits: 1 and 1.0 may mean different things to an algorithm.
                value.WriteTo(json);
                break;
        }
    }
}
