using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary>An endpoint of tus: the version first, then the right, before anything else of the request is looked at.</summary>
internal abstract class UploadEndpoint : ApiEndpoint
{
    public sealed override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var headers = HttpContext.Response.Headers;
        headers[Tus.ResumableHeader] = Tus.Version;
        headers.CacheControl = "no-store";
        if (Request.Headers[Tus.ResumableHeader] != Tus.Version)
        {
            headers[Tus.VersionHeader] = Tus.Version;
            return Task.FromResult<IResult>(Problems.WrongTusVersion());
        }

        return Bearer.Refuse(HttpContext, Rights.Files) is { } refusal ? Task.FromResult<IResult>(refusal) : AnswerAsync(ct);
    }

    /// <summary>What the endpoint is for; the caller may.</summary>
    protected abstract Task<IResult> AnswerAsync(CancellationToken ct);
}
