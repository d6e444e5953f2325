using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records.Use;

/// <summary>An answer that is counted where something was given: not what the caller has already (304), and a download that goes on only at its beginning.</summary>
internal sealed class UseAnswer(IResult answer, Action count) : IResult
{
    private const string FromTheBeginning = "bytes 0-";

    /// <summary>As it is where only its head is asked for.</summary>
    public static IResult Of(IResult answer, HttpRequest request, Action count) => HttpMethods.IsGet(request.Method) ? new UseAnswer(answer, count) : answer;

    /// <summary>Results of a job, in whichever protocol: those of one that has ended well.</summary>
    public static IResult OfResults(IResult answer, Job job, UseCounts counts, HttpContext context) => job.State.Status == JobStatus.Successful && !HttpMethods.IsHead(context.Request.Method)
        ? new UseAnswer(answer, () => counts.Downloaded($"{RecordSources.Processes}:{job.ProcessId}", context.Caller()))
        : answer;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await answer.ExecuteAsync(httpContext);
        var response = httpContext.Response;
        if (response.StatusCode == StatusCodes.Status200OK
            || (response.StatusCode == StatusCodes.Status206PartialContent && response.Headers.ContentRange.ToString().StartsWith(FromTheBeginning, StringComparison.Ordinal)))
        {
            count();
        }
    }
}
