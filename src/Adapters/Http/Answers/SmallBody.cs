using System.Text.Json;
using GeoWps.Adapters.Http.Seeding;
using GeoWps.Application.Processes;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>Reads a JSON object that is small enough to be whole in memory.</summary>
internal static class SmallBody
{
    private const int Piece = 16 * 1024;

    /// <param name="most">Bytes.</param>
    /// <param name="what">What it is called to whom it is refused: <c>the schedule</c>.</param>
    public static async Task<(JsonElement? Json, Problem? Problem)> ReadAsync(HttpRequest request, long most, string what, CancellationToken cancellationToken)
    {
        if (request.ContentType is { Length: > 0 } contentType && !SeedBody.IsJson(contentType))
        {
            return (null, Problems.NotJson(contentType));
        }

        var (text, piece) = (new MemoryStream(), new byte[Piece]);
        while (await request.Body.ReadAsync(piece, cancellationToken) is > 0 and var length)
        {
            if (text.Length + length > most)
            {
                return (null, Problems.TooLarge(most));
            }

            text.Write(piece, 0, length);
        }

        try
        {
            var json = JsonElement.Parse(text.GetBuffer().AsSpan(0, (int)text.Length), RequestLimits.Reading);
            return json.ValueKind == JsonValueKind.Object ? (json, null) : (null, Problems.InvalidInput([new Mistake("", $"{what} must be a JSON object")]));
        }
        catch (JsonException fault)
        {
            return (null, Problems.InvalidInput([new Mistake("", $"{what} is not JSON, in line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}")]));
        }
    }
}
