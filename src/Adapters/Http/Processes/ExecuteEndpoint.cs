using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Processes;

/// <summary><c>POST /processes/{processID}/execution</c>: clause 7.11. A caller who hangs up while a job is waited for dismisses it.</summary>
internal sealed class ExecuteEndpoint(ProcessCatalogues catalogues, ExecuteBody bodies, ExecuteProcess execute, ResultsAnswers results) : ApiEndpoint
{
    public override void Configure() => Post("/processes/{processID}/execution");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var id = Segment("processID");
        if (catalogues.Find(id) is not { } found)
        {
            return Problems.NoSuchProcess(id);
        }

        var (key, problem) = IdempotencyKey.Read(Request);
        if (problem is not null)
        {
            return problem;
        }

        (var body, problem) = await bodies.ReadAsync(HttpContext, ct);
        if (body is null)
        {
            return problem!;
        }

        var prefer = Prefer.Read(Request.Headers["Prefer"]);
        var mode = ModeOf(found.Process.JobControl, prefer);
        var wait = prefer.Wait ?? HoldBack.For(found.Provider, body);
        var call = new ExecuteCall(id, body, mode, wait, Owner: null, BaseAddress, key);
        return Answer(await execute.ExecuteAsync(call, ct), prefer);
    }

    private IResult Answer(ExecuteOutcome outcome, Prefer prefer) => outcome switch
    {
        ExecuteOutcome.NoSuchProcess(var id) => Problems.NoSuchProcess(id),
        ExecuteOutcome.Refused(var mistakes) => Problems.InvalidInput(mistakes),
        ExecuteOutcome.Full(var retryAfter) => Problems.Full(retryAfter),
        ExecuteOutcome.KeyReused => Problems.KeyReused(),
        ExecuteOutcome.Started(var job) => Started(job, prefer),
        ExecuteOutcome.Ended(var job, _) => Ended(job, prefer),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is an outcome that nobody answers"),
    };

    private JsonAnswer Started(Job job, Prefer prefer)
    {
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
        var address = Addresses.Job(BaseAddress, job.Id.Value);
        HttpContext.Response.Headers.Append("Link", Links.Header(address, "monitor", Media.Json));
        if (prefer.RespondAsync)
        {
            // Asked for a job and answered at once: it can still be found.
            HttpContext.Response.Headers.Location = address;
        }

        return results.Of(job, BaseAddress);
    }

    private static ExecuteMode ModeOf(JobControlOptions control, Prefer prefer) =>
        !control.HasFlag(JobControlOptions.AsyncExecute) ? ExecuteMode.Sync
        : prefer.RespondAsync || !control.HasFlag(JobControlOptions.SyncExecute) ? ExecuteMode.Async
        : ExecuteMode.Sync;
}
