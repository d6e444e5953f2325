using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Records.Use;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary>
/// <c>GET /jobs/{jobID}/results/{output}</c>: one output by its id or its file name, or a file beside it: the schema of a GML document stands where
/// the document says, relative to itself.
/// </summary>
internal sealed class OutputEndpoint(IJobStore jobs, ResultsAnswers results, UseCounts counts) : JobEndpoint(jobs)
{
    public override void Configure() => GetAndHead("/jobs/{jobID}/results/{output}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct) =>
        await FindJobAsync(ct) is { } job
            ? UseAnswer.Of(results.OfOutput(job, Segment("output"), BaseAddress), Request, () => counts.Downloaded($"{RecordSources.Processes}:{job.ProcessId}", HttpContext.Caller()))
            : Problems.NoSuchJob(JobIdText);
}
