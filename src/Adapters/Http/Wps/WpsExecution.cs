using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Adapters.Http.Records.Use;
using GeoWps.Adapters.Http.Wps.Answers;
using GeoWps.Adapters.Http.Wps.Requests;
using GeoWps.Application.Processes;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wps;

/// <summary>Executes what was read, and answers in the form that it asks for.</summary>
internal sealed class WpsExecution(ProcessCatalogues catalogues, ExecuteProcess execute, WpsAnswers answers, UseCounts counts, TimeProvider clock)
{
    /// <summary><c>mode="auto"</c>: a job that ends within this time is answered with its results.</summary>
    private static readonly TimeSpan AutoWait = TimeSpan.FromSeconds(1);

    public async Task<IResult> ExecuteAsync(HttpRequest request, WpsRequest.Execute asked, string digest, CancellationToken cancellationToken)
    {
        var (draft, version, baseAddress) = (asked.Draft, asked.Version, request.BaseAddress());
        var (key, problem) = IdempotencyKey.Read(request);
        var fault = problem is null ? Refuse(draft, version) : new OwsFault("NoApplicableCode", null, problem.Detail);
        if (fault is not null || catalogues.Find(draft.Process.Id) is not { } found)
        {
            await draft.Parts.DiscardAsync();
            return WpsAnswers.Report(version, fault ?? WpsFault.NoSuchProcess(version, draft.Process.Id));
        }

        var body = draft.Finish(digest);
        var isAsync = version == WpsVersion.V100 ? draft.Marks.Stored : draft.Mode != WpsMode.Sync;
        var wait = version == WpsVersion.V200 && draft.Mode == WpsMode.Auto ? AutoWait : HoldBack.For(found.Provider, body);
        var outcome = await execute.ExecuteAsync(
            new ExecuteCall(draft.Process.Id, body, isAsync ? ExecuteMode.Async : ExecuteMode.Sync, wait, Owner: null, baseAddress, key) { Age = CacheControl.Read(request) }.By(request.HttpContext.Caller()),
            cancellationToken);
        if (outcome is ExecuteOutcome.NotAllowed(_, var needed))
        {
            return Bearer.Refuse(request.HttpContext, needed)!;
        }

        var answer = Answer(outcome, version, draft.Mode, baseAddress);
        return ResultsOf(outcome, version, draft.Mode) is { } job ? UseAnswer.OfResults(answer, job, counts, request.HttpContext) : answer;
    }

    private IResult Answer(ExecuteOutcome outcome, WpsVersion version, WpsMode mode, string baseAddress) => outcome switch
    {
        ExecuteOutcome.NoSuchProcess(var id) => WpsAnswers.Report(version, WpsFault.NoSuchProcess(version, id)),
        ExecuteOutcome.Refused(var mistakes) => new ExceptionReport(version.Ows(), WpsFaults.Of(mistakes, version)),
        ExecuteOutcome.Full(var retryAfter) => version.Reports().Of(Problems.Full(retryAfter)),
        ExecuteOutcome.KeyReused => version.Reports().Of(Problems.KeyReused()),
        ExecuteOutcome.Started(var job) when version == WpsVersion.V100 => new ExecuteResponse(answers, job, baseAddress),
        ExecuteOutcome.Started(var job) when mode == WpsMode.Auto && job.State.HasEnded => answers.Results200(job, baseAddress),
        ExecuteOutcome.Started(var job) => Status(job),
        ExecuteOutcome.Ended({ State.Status: not JobStatus.Successful } job, _) => new ExceptionReport(version.Ows(), answers.FaultsOf(job, version)),
        ExecuteOutcome.Ended(var job, _) => version == WpsVersion.V100 ? answers.Results100(job, baseAddress) : answers.Results200(job, baseAddress),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is an outcome that nobody answers"),
    };

    // What was merely begun tells of it, and gives nothing yet.
    private static Job? ResultsOf(ExecuteOutcome outcome, WpsVersion version, WpsMode mode) => outcome switch
    {
        ExecuteOutcome.Ended(var job, _) => job,
        ExecuteOutcome.Started(var job) when version == WpsVersion.V100 || mode == WpsMode.Auto => job,
        _ => null,
    };

    public IResult Status(Job job) => new XmlAnswer(xml => StatusDocument.Write(xml, job, answers.ExpirationOf(job), clock.GetUtcNow()));

    /// <summary>What contradicts itself, or the process.</summary>
    private static OwsFault? Refuse(ExecuteDraft draft, WpsVersion version)
    {
        var control = draft.Process.JobControl;
        if (draft.Marks is { Status: true, Stored: false })
        {
            return OwsFault.Invalid("status", "status: can be true only where storeExecuteResponse is");
        }

        if (draft.Repeated is { } input)
        {
            return new OwsFault(version == WpsVersion.V100 ? "InvalidParameterValue" : "TooManyInputs", input, $"{input}: at most 1 value is allowed");
        }

        if (draft.Marks.Stored && !control.HasFlag(JobControlOptions.AsyncExecute))
        {
            return new OwsFault("StorageNotSupported", null, $"The process {draft.Process.Id} has no storeSupported.");
        }

        if (version == WpsVersion.V200 && draft.Mode == WpsMode.Async && !control.HasFlag(JobControlOptions.AsyncExecute))
        {
            return new OwsFault("NoSuchMode", "async", $"The process {draft.Process.Id} can't be executed asynchronously.");
        }

        return version == WpsVersion.V200 && draft.IsRaw && (draft.Outputs.Count > 1 || (draft.Outputs.Count == 0 && draft.Process.Outputs.Count(output => !output.Optional) != 1))
            ? OwsFault.Invalid("response", "response: raw is for exactly one output")
            : null;
    }
}
