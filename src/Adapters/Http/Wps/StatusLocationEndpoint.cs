using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps.Answers;
using GeoWps.Adapters.Http.Records.Use;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wps;

/// <summary><c>/wps/status/{jobID}</c>: the stored answer of WPS 1.0.0, <c>statusLocation</c>; it is there as long as the job is.</summary>
internal sealed class StatusLocationEndpoint(WpsAnswers answers, IJobStore jobs, UseCounts counts) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/wps/status/{jobID}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        HttpContext.Features.Set<IProblemForm>(WpsVersion.V100.Reports());
        var text = Segment("jobID");
        return JobId.TryParse(text, out var id) && await jobs.FindAsync(id, ct) is { } job && HttpContext.Caller().Owns(job.Owner)
            ? UseAnswer.OfResults(new ExecuteResponse(answers, job, BaseAddress, stored: true), job, counts, HttpContext)
            : WpsAnswers.Report(WpsVersion.V100, new OwsFault("InvalidParameterValue", "jobID", $"There is no job {text}.", StatusCodes.Status404NotFound));
    }
}
