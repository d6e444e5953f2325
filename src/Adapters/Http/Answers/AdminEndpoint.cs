using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>
/// An endpoint that administers: without the token nothing of the request is looked at (RFC 6750: 401 without one, 403 with a wrong one).
/// </summary>
internal abstract class AdminEndpoint(AdminToken token) : ApiEndpoint
{
    private const string Scheme = "Bearer";

    public sealed override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (TokenOf(Request.Headers.Authorization.ToString()) is not { } given)
        {
            HttpContext.Response.Headers.WWWAuthenticate = Scheme;
            return Task.FromResult<IResult>(Problems.NoToken());
        }

        return token.Is(given) ? AdministerAsync(ct) : Task.FromResult<IResult>(Problems.WrongToken());
    }

    /// <summary>What the endpoint is for; the caller has shown the token.</summary>
    protected abstract Task<IResult> AdministerAsync(CancellationToken ct);

    private static string? TokenOf(string header) =>
        header.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase) && header[Scheme.Length..].Trim() is { Length: > 0 } given ? given : null;
}
