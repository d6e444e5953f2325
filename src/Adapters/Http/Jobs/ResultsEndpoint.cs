using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Records.Use;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary><c>GET /jobs/{jobID}/results</c>: clause 7.13, in the form that the request asked for.</summary>
internal sealed class ResultsEndpoint(IJobStore jobs, ResultsAnswers results, UseCounts counts) : JobEndpoint(jobs)
{
    public override void Configure() => GetAndHead("/jobs/{jobID}/results");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct) =>
        await FindJobAsync(ct) is { } job ? Represent(() => UseAnswer.Of(Document(job), Request, () => counts.Downloaded($"{RecordSources.Processes}:{job.ProcessId}", HttpContext.Caller())), () => results.PageOf(job, BaseAddress)) : Problems.NoSuchJob(JobIdText);

    /// <summary>A document of results holds the outputs and nothing else, so the link to its page stands in the head of the answer.</summary>
    private IResult Document(Job job)
    {
        string[] only = [.. Parameters.List(Request.Query, "outputs")];
        var answer = results.Of(job, BaseAddress, only.Length == 0 ? null : only);
        foreach (var layer in StatusInfo.LayersOf(job, BaseAddress))
        {
            HttpContext.Response.Headers.Append("Link", Links.Header(layer.Href, layer.Rel, layer.Type));
        }

        if (answer is DocumentAnswer)
        {
            var page = Links.ToPage(Addresses.Results(BaseAddress, job.Id.Value));
            HttpContext.Response.Headers.Append("Link", Links.Header(page.Href, page.Rel, page.Type));
        }

        return answer;
    }
}
