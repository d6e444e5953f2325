using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Adapters.Http.Records.Use;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Records.Use;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>What the ways to execute a process share: clause 7.11. A caller who hangs up while a job is waited for dismisses it.</summary>
internal abstract class ExecutionEndpoint(ExecuteProcess execute, IBlobStore blobs, ResultsAnswers results, UseCounts counts) : ApiEndpoint
{
    protected IBlobStore Blobs => blobs;

    /// <summary>Who may not run anything is told so before the request is read.</summary>
    public sealed override Task<IResult> ExecuteAsync(CancellationToken ct) =>
        Bearer.Refuse(HttpContext, Rights.Run) is { } refusal ? Task.FromResult<IResult>(refusal) : RunAsync(ct);

    protected abstract Task<IResult> RunAsync(CancellationToken cancellationToken);

    protected async Task<IResult> ExecuteAsync(
        (IProcessProvider Provider, ProcessDescription Process) found, RequestBody body, string? key, Prefer prefer, CancellationToken cancellationToken)
    {
        var mode = ModeOf(found.Process.JobControl, prefer);
        var wait = prefer.Wait ?? HoldBack.For(found.Provider, body);
        var call = new ExecuteCall(found.Process.Id, body, mode, wait, Owner: null, BaseAddress, key) { Age = CacheControl.Read(Request) };
        return Answer(await execute.ExecuteAsync(call.By(HttpContext.Caller()), cancellationToken), prefer);
    }

    /// <summary>Of a body that was read already: nothing of it is left.</summary>
    protected async Task<IResult> RefuseAsync(RequestBody body, Mistake mistake)
    {
        await blobs.DeleteAllAsync(JobKeys.All(body.Id), CancellationToken.None);
        return Problems.InvalidInput([mistake]);
    }

    private IResult Answer(ExecuteOutcome outcome, Prefer prefer) => outcome switch
    {
        ExecuteOutcome.NoSuchProcess(var id) => Problems.NoSuchProcess(id),
        ExecuteOutcome.NotAllowed(_, var needed) => Bearer.Refuse(HttpContext, needed)!,
        ExecuteOutcome.Refused(var mistakes) => Problems.InvalidInput(mistakes),
        ExecuteOutcome.Full(var retryAfter) => Problems.Full(retryAfter),
        ExecuteOutcome.KeyReused => Problems.KeyReused(),
        ExecuteOutcome.Started(var job) => Started(job, prefer),
        ExecuteOutcome.Ended(var job, _) => Ended(job, prefer),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is an outcome that nobody answers"),
    };

    private JsonAnswer Started(Job job, Prefer prefer)
    {
        TellSource(job);
        HttpContext.Response.Headers.Location = Addresses.Job(BaseAddress, job.Id.Value);
        if (prefer.RespondAsync)
        {
            HttpContext.Response.Headers["Preference-Applied"] = prefer.Applied();
        }

        var baseAddress = BaseAddress;
        return new JsonAnswer(json => StatusInfo.Write(json, job, baseAddress)) { Status = StatusCodes.Status201Created };
    }

    private IResult Ended(Job job, Prefer prefer)
    {
        TellSource(job);
        var address = Addresses.Job(BaseAddress, job.Id.Value);
        HttpContext.Response.Headers.Append("Link", Links.Header(address, "monitor", Media.Json));
        TellLayers(job);
        if (prefer.RespondAsync)
        {
            // Asked for a job and answered at once: it can still be found.
            HttpContext.Response.Headers.Location = address;
        }

        return UseAnswer.OfResults(results.Of(job, BaseAddress), job, counts, HttpContext);
    }

    /// <summary>Bare results have no other place for links.</summary>
    private void TellLayers(Job job)
    {
        foreach (var link in StatusInfo.LayersOf(job, BaseAddress))
        {
            HttpContext.Response.Headers.Append("Link", Links.Header(link.Href, link.Rel, link.Type));
        }
    }

    /// <summary>The answer says that it was not made for this request: RFC 8288 <c>via</c>, "the source of the information".</summary>
    private void TellSource(Job job)
    {
        if (job.DerivedFrom is { } source)
        {
            HttpContext.Response.Headers.Append("Link", Links.Header(Addresses.Job(BaseAddress, source.Value), Links.Via, Media.Json));
        }
    }

    private static ExecuteMode ModeOf(JobControlOptions control, Prefer prefer) =>
        !control.HasFlag(JobControlOptions.AsyncExecute) ? ExecuteMode.Sync
        : prefer.RespondAsync || !control.HasFlag(JobControlOptions.SyncExecute) ? ExecuteMode.Async
        : ExecuteMode.Sync;
}
