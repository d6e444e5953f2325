using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Jobs;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary><c>DELETE /jobs/{jobID}</c>: class "Dismiss"; an ended job is removed with its results.</summary>
internal sealed class DismissEndpoint(DismissJob dismiss) : ApiEndpoint
{
    public override void Configure() => Delete("/jobs/{jobID}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var text = Segment("jobID");
        if (!JobId.TryParse(text, out var id) || await dismiss.ExecuteAsync(id, owner: null, ct) is not { } job)
        {
            return Problems.NoSuchJob(text);
        }

        var baseAddress = BaseAddress;
        return new JsonAnswer(json => StatusInfo.Write(json, job, baseAddress));
    }
}
