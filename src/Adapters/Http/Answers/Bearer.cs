using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>The administrator's token in a request: RFC 6750.</summary>
internal static class Bearer
{
    private const string Scheme = "Bearer";

    public static bool IsShown(HttpRequest request, AdminToken token) => TokenOf(request) is { } given && token.Is(given);

    /// <summary>401 without a token, 403 with a wrong one.</summary>
    /// <param name="without">What is told where there is no token; <see langword="null"/>: that one is needed.</param>
    public static Problem Refuse(HttpContext context, Problem? without = null)
    {
        if (TokenOf(context.Request) is not null)
        {
            return Problems.WrongToken();
        }

        context.Response.Headers.WWWAuthenticate = Scheme;
        return without ?? Problems.NoToken();
    }

    private static string? TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase) && header[Scheme.Length..].Trim() is { Length: > 0 } given ? given : null;
    }
}
