using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>
/// An endpoint that administers: without the token nothing of the request is looked at (RFC 6750: 401 without one, 403 with a wrong one).
/// </summary>
internal abstract class AdminEndpoint(AdminToken token) : ApiEndpoint
{
    public sealed override Task<IResult> ExecuteAsync(CancellationToken ct) =>
        Bearer.IsShown(Request, token) ? AdministerAsync(ct) : Task.FromResult<IResult>(Bearer.Refuse(HttpContext));

    /// <summary>What the endpoint is for; the caller has shown the token.</summary>
    protected abstract Task<IResult> AdministerAsync(CancellationToken ct);
}
