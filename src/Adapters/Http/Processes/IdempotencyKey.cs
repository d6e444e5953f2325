using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>The header <c>Idempotency-Key</c>: the same key with the same body gives the same job.</summary>
internal static class IdempotencyKey
{
    /// <returns><see langword="null"/> for none; a problem when it is no key.</returns>
    public static (string? Key, Problem? Problem) Read(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"];
        return key.Count == 0 ? (null, null)
            : key.Count == 1 && IsKey(key.ToString()) ? (key.ToString(), null)
            : (null, Problems.BadRequest("Idempotency-Key: 1 to 128 visible ASCII characters are required"));
    }

    private static bool IsKey(string key) => key.Length is >= 1 and <= 128 && key.All(letter => letter is > ' ' and <= '~');
}
