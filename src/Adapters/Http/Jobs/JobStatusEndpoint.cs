using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary><c>GET /jobs/{jobID}</c>: clause 7.12.</summary>
internal sealed class JobStatusEndpoint(IJobStore jobs) : JobEndpoint(jobs)
{
    public override void Configure() => GetAndHead("/jobs/{jobID}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (await FindJobAsync(ct) is not { } job)
        {
            return Problems.NoSuchJob(JobIdText);
        }

        var baseAddress = BaseAddress;
        return new JsonAnswer(json => StatusInfo.Write(json, job, baseAddress));
    }
}
