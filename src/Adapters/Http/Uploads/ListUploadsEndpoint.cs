using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Security;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Uploads;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary><c>GET /uploads</c>: one's own, the newest first, as JSON. Not of tus, and so asked without a version; nobody who is uploading is disturbed.</summary>
internal sealed class ListUploadsEndpoint(LookAtUpload look) : ApiEndpoint
{
    public override void Configure() => Get("/uploads");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Bearer.Refuse(HttpContext, Rights.Files) is { } refusal)
        {
            return refusal;
        }

        var (uploads, baseAddress) = (await look.ListAsync(HttpContext.Caller(), ct), BaseAddress);
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("uploads");
            foreach (var upload in uploads)
            {
                UploadAnswers.Write(json, upload, baseAddress);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}

/// <summary><c>GET /uploads/{uploadID}</c>: one of them.</summary>
internal sealed class ShowUploadEndpoint(LookAtUpload look) : ApiEndpoint
{
    public override void Configure() => Get("/uploads/{uploadID}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Bearer.Refuse(HttpContext, Rights.Files) is { } refusal)
        {
            return refusal;
        }

        var baseAddress = BaseAddress;
        return UploadId.TryParse(Segment("uploadID"), out var id) && await look.FindAsync(id, HttpContext.Caller(), ct) is { } upload
            ? new JsonAnswer(json => UploadAnswers.Write(json, upload, baseAddress))
            : Problems.NoSuchUpload();
    }
}
