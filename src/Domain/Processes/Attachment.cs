using System.Text.Json;

namespace GeoWps.Domain.Processes;

/// <summary>
/// A large string or array of a request that was moved out of it while it was read, so that no request is ever whole in memory.
/// In the request's JSON stands the marker <c>{"$attachment": n}</c> in its place.
/// </summary>
/// <param name="Number">From 0, in the order of the request.</param>
/// <param name="Kind"><see cref="JsonValueKind.String"/> (kept unescaped, without quotes, as UTF-8) or <see cref="JsonValueKind.Array"/> (kept as JSON).</param>
/// <param name="Length">Bytes as kept.</param>
public sealed record Attachment(int Number, JsonValueKind Kind, long Length)
{
    /// <summary>The bytes themselves are kept, where a value in JSON would be a string of base64: data that came as a body of their own.</summary>
    public bool IsRaw { get; init; }

    /// <summary>A caller's document that holds a property of this name is refused.</summary>
    public const string Marker = "$attachment";

    /// <summary>Reads a marker.</summary>
    /// <returns><see langword="false"/> when <paramref name="json"/> is an ordinary value.</returns>
    public static bool TryGetNumber(JsonElement json, out int number)
    {
        number = -1;
        return json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty(Marker, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out number);
    }

    /// <summary>Whether a marker stands anywhere in <paramref name="json"/>.</summary>
    public static bool IsIn(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => TryGetNumber(json, out _) || json.EnumerateObject().Any(member => IsIn(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().Any(IsIn),
        _ => false,
    };
}
