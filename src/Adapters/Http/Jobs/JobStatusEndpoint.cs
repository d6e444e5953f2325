using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary><c>GET /jobs/{jobID}</c>: clause 7.12.</summary>
internal sealed class JobStatusEndpoint(IJobStore jobs) : JobEndpoint(jobs)
{
    private readonly IJobStore _jobs = jobs;

    public override void Configure() => GetAndHead("/jobs/{jobID}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (await FindJobAsync(ct) is not { } job)
        {
            return Problems.NoSuchJob(JobIdText);
        }

        var baseAddress = BaseAddress;
        var place = job.State.Status == JobStatus.Accepted ? await _jobs.FindPlaceAsync(job.Id, ct) : null;
        return Represent(
            () => new JsonAnswer(json => StatusInfo.Write(json, job, baseAddress, place)),
            () => JobPages.One(job, place, baseAddress, StatusInfo.LinksOf(job, baseAddress)));
    }
}
