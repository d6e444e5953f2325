using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>
/// An endpoint that administers: without the right nothing of the request is looked at (RFC 6750: 401 without a token, 403 with one that is not enough).
/// </summary>
internal abstract class AdminEndpoint : ApiEndpoint
{
    /// <summary>What the caller must be allowed.</summary>
    protected virtual Rights Needed => Rights.Admin;

    public sealed override Task<IResult> ExecuteAsync(CancellationToken ct) =>
        Bearer.Refuse(HttpContext, Needed) is { } refusal ? Task.FromResult<IResult>(refusal) : AdministerAsync(ct);

    /// <summary>What the endpoint is for; the caller may.</summary>
    protected abstract Task<IResult> AdministerAsync(CancellationToken ct);
}
