using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Uploads;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary><c>DELETE /uploads/{uploadID}</c>: extension termination. A file that it has become stays.</summary>
internal sealed class EndUploadEndpoint(EndUpload end) : UploadEndpoint
{
    public override void Configure() => Delete("/uploads/{uploadID}");

    protected override async Task<IResult> AnswerAsync(CancellationToken ct)
    {
        var outcome = UploadId.TryParse(Segment("uploadID"), out var id) ? await end.ExecuteAsync(id, HttpContext.Caller(), ct) : new UploadOutcome.Unknown();
        return outcome is UploadOutcome.Done ? TypedResults.NoContent() : UploadAnswers.Refuse(HttpContext, outcome);
    }
}
