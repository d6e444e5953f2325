using GeoWps.Adapters.Http.Wps;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>Tokens in requests, and what is said of them: RFC 6750.</summary>
internal static class Bearer
{
    private const string Scheme = "Bearer";

    /// <returns><see langword="null"/> without one; another scheme is somebody else's.</returns>
    public static string? TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        return header.Count > 0 && header.ToString() is var text
            && text.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase) && text[Scheme.Length..].Trim() is { Length: > 0 } given ? given : null;
    }

    /// <summary>Why the caller may not; <see langword="null"/> when it may. 401 without a token, 403 with one that is not enough.</summary>
    /// <param name="without">What is told where there is no token; <see langword="null"/>: that one is needed.</param>
    public static Problem? Refuse(HttpContext context, Rights needed, Problem? without = null)
    {
        if (context.Caller().May(needed))
        {
            return null;
        }

        var names = string.Join(' ', RightsText.Of(needed));
        if (context.Features.Get<Identified>() is not null)
        {
            context.Response.Headers.WWWAuthenticate = $"{Scheme} error=\"insufficient_scope\", scope=\"{names}\"";
            return Problems.NotEnough(names);
        }

        if (TokenOf(context.Request) is not null)
        {
            return Problems.WrongToken();
        }

        context.Response.Headers.WWWAuthenticate = Scheme;
        return without ?? Problems.NoToken(names);
    }

    /// <summary>Before any endpoint has seen the request, and so in the words of whatever was asked.</summary>
    public static Problem Invalid(HttpContext context, string why)
    {
        WpsForms.Set(context);
        context.Response.Headers.WWWAuthenticate = $"{Scheme} error=\"invalid_token\", error_description=\"{why}\"";
        return Problems.InvalidToken(why);
    }
}
