using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Ports;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary><c>GET /jobs/{jobID}/results</c>: clause 7.13, in the form that the request asked for.</summary>
internal sealed class ResultsEndpoint(IJobStore jobs, ResultsAnswers results) : JobEndpoint(jobs)
{
    public override void Configure() => GetAndHead("/jobs/{jobID}/results");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct) =>
        await FindJobAsync(ct) is { } job ? Represent(() => results.Of(job, BaseAddress), () => results.PageOf(job, BaseAddress)) : Problems.NoSuchJob(JobIdText);
}
