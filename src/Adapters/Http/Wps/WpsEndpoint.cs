using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Records.Use;
using GeoWps.Adapters.Http.Wps.Answers;
using GeoWps.Adapters.Http.Wps.Documents;
using GeoWps.Adapters.Http.Wps.Requests;
using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Use;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wps;

/// <summary><c>/wps</c>: WPS 1.0.0 (OGC 05-007r7) and 2.0 (OGC 14-065), by parameters and by XML.</summary>
internal sealed class WpsEndpoint(
    WpsRequestReader reader, WpsDocuments documents, WpsExecution execution, WpsAnswers answers, IJobStore jobs, DismissJob dismiss, UseCounts counts) : ApiEndpoint
{
    public override void Configure()
    {
        Verbs("GET", "HEAD", "POST");
        Routes("/wps");
    }

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        WpsForms.Set(HttpContext);
        var reading = await reader.ReadAsync(HttpContext, ct);
        HttpContext.Features.Set<IProblemForm>(reading.Version.Reports());
        return reading.Fault is { } fault ? WpsAnswers.Report(reading.Version, fault) : await AnswerAsync(reading.Request!, reading.Digest, ct);
    }

    private async Task<IResult> AnswerAsync(WpsRequest request, string digest, CancellationToken cancellationToken) => request switch
    {
        WpsRequest.GetCapabilities asked => await documents.CapabilitiesAsync(BaseAddress, asked, cancellationToken),
        WpsRequest.DescribeProcess { Ids: [] } asked => documents.DescribeAll(asked.Version),
        WpsRequest.DescribeProcess asked => documents.Describe(asked.Version, asked.Ids) switch
        {
            (null, { } answer) => answer,
            (var unknown, _) => WpsAnswers.Report(asked.Version, WpsFault.NoSuchProcess(asked.Version, unknown!)),
        },
        WpsRequest.Execute asked => await execution.ExecuteAsync(Request, asked, digest, cancellationToken),
        WpsRequest.GetStatus asked => await OfJobAsync(asked.JobId, execution.Status, cancellationToken),
        WpsRequest.GetResult asked => await OfJobAsync(asked.JobId, job => UseAnswer.OfResults(answers.Results200(job, BaseAddress), job, counts, HttpContext), cancellationToken),
        WpsRequest.Dismiss asked => await DismissAsync(asked.JobId, cancellationToken),
        _ => throw new InvalidOperationException($"{request.GetType().Name} is a request that nobody answers"),
    };

    private async Task<IResult> OfJobAsync(string id, Func<Job, IResult> answer, CancellationToken cancellationToken) =>
        JobId.TryParse(id, out var known) && await jobs.FindAsync(known, cancellationToken) is { } job && HttpContext.Caller().Owns(job.Owner)
            ? answer(job)
            : WpsAnswers.Report(WpsVersion.V200, WpsFault.NoSuchJob(id));

    private async Task<IResult> DismissAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var known))
        {
            return WpsAnswers.Report(WpsVersion.V200, WpsFault.NoSuchJob(id));
        }

        return await dismiss.ExecuteAsync(known, HttpContext.Caller(), cancellationToken) switch
        {
            DismissAnswer.Dismissed(var job) => execution.Status(job),

            // 14-065 has no code for it (table 44).
            DismissAnswer.NotAllowed => Bearer.Refuse(HttpContext, Rights.Admin, Problems.NotYours(known))!,
            _ => WpsAnswers.Report(WpsVersion.V200, WpsFault.NoSuchJob(id)),
        };
    }
}
