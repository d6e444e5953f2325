using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Jobs;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary>
/// <c>DELETE /jobs/{jobID}</c>: class "Dismiss"; an ended job is removed with its results. What the administrator started needs the token: 401 without one.
/// </summary>
internal sealed class DismissEndpoint(DismissJob dismiss) : ApiEndpoint
{
    public override void Configure() => Delete("/jobs/{jobID}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var text = Segment("jobID");
        if (!JobId.TryParse(text, out var id))
        {
            return Problems.NoSuchJob(text);
        }

        return await dismiss.ExecuteAsync(id, HttpContext.Caller(), ct) switch
        {
            DismissAnswer.Dismissed(var job) => Status(job),
            DismissAnswer.NotAllowed => Bearer.Refuse(HttpContext, Rights.Admin, Problems.NotYours(id))!,
            _ => Problems.NoSuchJob(text),
        };
    }

    private JsonAnswer Status(Job job)
    {
        var baseAddress = BaseAddress;
        return new JsonAnswer(json => StatusInfo.Write(json, job, baseAddress));
    }
}
