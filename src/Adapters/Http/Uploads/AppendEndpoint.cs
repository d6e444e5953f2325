using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Uploads;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary><c>PATCH /uploads/{uploadID}</c>: 204 with how far it is now; with the last byte it is a file, whose address is in <c>Content-Location</c>.</summary>
internal sealed class AppendEndpoint(AppendToUpload append) : UploadEndpoint
{
    public override void Configure() => Patch("/uploads/{uploadID}");

    protected override async Task<IResult> AnswerAsync(CancellationToken ct)
    {
        UploadBody.Allow(HttpContext);
        if (!UploadBody.HasItsType(Request))
        {
            return Problems.NotAnUpload(Request.ContentType ?? "nothing");
        }

        var mistakes = new List<Mistake>();
        var offset = UploadHeaders.Number(Request, Tus.OffsetHeader, mistakes);
        var length = UploadHeaders.Number(Request, Tus.LengthHeader, mistakes);
        var checksum = UploadHeaders.Checksum(Request, mistakes);
        if (offset is null && mistakes.Count == 0)
        {
            mistakes.Add(new Mistake(Tus.OffsetHeader, "has to say where the body goes on"));
        }

        if (mistakes.Count > 0)
        {
            return Problems.InvalidParameters(mistakes);
        }

        if (!UploadId.TryParse(Segment("uploadID"), out var id))
        {
            return Problems.NoSuchUpload();
        }

        var outcome = await append.ExecuteAsync(id, new UploadAppend(offset!.Value, length, checksum, Request.Body, Request.ContentLength), HttpContext.Caller(), ct);
        if (outcome is not UploadOutcome.Done(var upload))
        {
            return UploadAnswers.Refuse(HttpContext, outcome);
        }

        UploadAnswers.Tell(HttpContext, upload);
        return TypedResults.NoContent();
    }
}
