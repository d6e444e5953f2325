using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Uploads;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary><c>HEAD /uploads/{uploadID}</c>: where a client goes on.</summary>
internal sealed class ResumeEndpoint(LookAtUpload look) : UploadEndpoint
{
    public override void Configure()
    {
        Verbs("HEAD");
        Routes("/uploads/{uploadID}");
    }

    protected override async Task<IResult> AnswerAsync(CancellationToken ct)
    {
        var outcome = UploadId.TryParse(Segment("uploadID"), out var id) ? await look.ToResumeAsync(id, HttpContext.Caller(), ct) : new UploadOutcome.Unknown();
        if (outcome is not UploadOutcome.Done(var upload))
        {
            return UploadAnswers.Refuse(HttpContext, outcome);
        }

        UploadAnswers.Tell(HttpContext, upload);
        var headers = HttpContext.Response.Headers;
        if (upload.Length is { } length)
        {
            headers[Tus.LengthHeader] = Tus.Text(length);
        }
        else
        {
            headers[Tus.DeferHeader] = "1";
        }

        if (upload.Metadata.Length > 0)
        {
            headers[Tus.MetadataHeader] = upload.Metadata;
        }

        var baseAddress = BaseAddress;
        switch (upload.Kind)
        {
            case UploadKind.Part:
                headers[Tus.ConcatHeader] = Tus.Partial;
                break;
            case UploadKind.Final:
                headers[Tus.ConcatHeader] = $"{Tus.Final};{string.Join(' ', upload.Parts.Select(part => UploadAnswers.AddressOf(baseAddress, part)))}";
                break;
            case UploadKind.Whole:
                break;
        }

        return TypedResults.Ok();
    }
}
