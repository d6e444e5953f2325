using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary><c>POST /uploads</c>: extensions creation, creation-with-upload, creation-defer-length and concatenation.</summary>
internal sealed class CreateUploadEndpoint(CreateUpload create, AppendToUpload append, EndUpload end) : UploadEndpoint
{
    public override void Configure() => Post("/uploads");

    protected override async Task<IResult> AnswerAsync(CancellationToken ct)
    {
        UploadBody.Allow(HttpContext);
        var mistakes = new List<Mistake>();
        var wish = UploadHeaders.Wish(Request, mistakes);
        var checksum = UploadHeaders.Checksum(Request, mistakes);
        if (wish is null || mistakes.Count > 0)
        {
            return Problems.InvalidParameters(mistakes);
        }

        // A body of another type is none: browsers like to send one with an empty body.
        var hasBody = UploadBody.IsOffered(Request) && wish.Parts is null;
        if (hasBody && Request.ContentLength > wish.Length)
        {
            return Problems.UploadTooLarge(wish.Length!.Value);
        }

        var caller = HttpContext.Caller();
        var outcome = await create.ExecuteAsync(wish, caller, ct);
        if (outcome is UploadOutcome.Done(var made) && hasBody)
        {
            outcome = await append.ExecuteAsync(made.Id, new UploadAppend(0, null, checksum, Request.Body, Request.ContentLength), caller, ct);
            if (outcome is not UploadOutcome.Done)
            {
                await end.ExecuteAsync(made.Id, caller, CancellationToken.None);
            }
        }

        if (outcome is not UploadOutcome.Done(var upload))
        {
            return UploadAnswers.Refuse(HttpContext, outcome);
        }

        UploadAnswers.Tell(HttpContext, upload);
        HttpContext.Response.Headers[HeaderNames.Location] = UploadAnswers.AddressOf(BaseAddress, upload.Id);
        return TypedResults.StatusCode(StatusCodes.Status201Created);
    }
}
