using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary><c>OPTIONS /uploads</c>: what of tus is spoken here. Asked without a version, by anybody.</summary>
internal sealed class DescribeUploadsEndpoint(UploadLimit limit) : ApiEndpoint
{
    public override void Configure()
    {
        Verbs("OPTIONS");
        Routes("/uploads", "/uploads/{uploadID}");
    }

    public override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        Tus.Describe(HttpContext.Response, limit);
        HttpContext.Response.Headers.Allow = Segment("uploadID").Length == 0 ? "GET, POST, OPTIONS" : "GET, HEAD, PATCH, DELETE, OPTIONS";
        return Task.FromResult<IResult>(TypedResults.NoContent());
    }
}
