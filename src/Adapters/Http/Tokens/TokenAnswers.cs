using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;

namespace GeoWps.Adapters.Http.Tokens;

/// <summary>What is told of tokens. Whatever it is, nobody keeps it on the way.</summary>
internal static class TokenAnswers
{
    public static string AddressOf(string baseAddress, string name) => $"{baseAddress}admin/tokens/{Uri.EscapeDataString(name)}";

    /// <param name="text">The token itself, in the answer to its making.</param>
    public static void Write(Utf8JsonWriter json, StoredToken token, DateTimeOffset now, string baseAddress, string? text = null)
    {
        json.WriteStartObject();
        json.WriteString(TokenForm.Name, token.Name);
        json.WriteIfAny("token", text);
        json.WriteStartArray(TokenForm.May);
        foreach (var right in RightsText.Of(token.Rights))
        {
            json.WriteStringValue(right);
        }

        json.WriteEndArray();
        json.WriteString("created", StatusInfo.Time(token.Created));
        if (token.Expires is { } expires)
        {
            json.WriteString(TokenForm.Expires, StatusInfo.Time(expires));
        }

        json.WriteBoolean("expired", token.Expires <= now);
        if (token.LastUsed is { } used)
        {
            json.WriteString("lastUsed", StatusInfo.Time(used));
        }

        json.WriteLinks(new Link(AddressOf(baseAddress, token.Name), "self", Media.Json, "This document"));
        json.WriteEndObject();
    }
}
