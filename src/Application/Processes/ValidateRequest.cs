using GeoWps.Application.Files;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Chains;
using GeoWps.Application.Security;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Processes;

/// <summary>Every check that a request must pass before it becomes a job; the same for who only wants to know.</summary>
/// <param name="files">Where there are none, none can be named.</param>
public sealed class ValidateRequest(
    ProcessCatalogues catalogues, RequestBinder binder, ChainReader chains, IJobStore jobs, IOptions<LayersOptions> layers, FileInputs? files = null)
{
    public async Task<ValidatedRequest> ExecuteAsync(ExecuteCall call, CancellationToken cancellationToken)
    {
        if (catalogues.Find(call.ProcessId) is not { } found)
        {
            return new ValidatedRequest(new ExecuteOutcome.NoSuchProcess(call.ProcessId));
        }

        if (found.Process.NeedsAdministrator && !call.IsAdministrator && !call.IsJudged)
        {
            return new ValidatedRequest(new ExecuteOutcome.NotAllowed(found.Process.Id, Rights.Admin));
        }

        // Those of a chain's steps were looked at with the chain.
        if (files is not null && call.Chain is null && await files.CheckAsync(call, cancellationToken) is { Count: > 0 } unread)
        {
            return new ValidatedRequest(new ExecuteOutcome.Refused(unread));
        }

        // A step of a chain is none itself.
        if (call.Chain is null && ChainReader.MayHaveSteps(call.Body.Json)
            && chains.Read(found.Provider, found.Process, call.Body.Json, call.BaseAddress) is { } chain
            && (chain.Steps.Count > 1 || chain.Mistakes.Count > 0 || await HasToWaitAsync(chain.Outermost, call, cancellationToken)))
        {
            return await ValidateAsync(chain, call, cancellationToken);
        }

        var (request, mistakes) = await ValidateAsync(found.Provider, found.Process, call.Body, call.BaseAddress, cancellationToken);
        return mistakes.Count > 0
            ? new ValidatedRequest(new ExecuteOutcome.Refused(mistakes))
            : new ValidatedRequest(Failure: null, found.Provider, found.Process, request);
    }

    private async Task<ValidatedRequest> ValidateAsync(Chain chain, ExecuteCall call, CancellationToken cancellationToken)
    {
        if (chain.Steps.FirstOrDefault(step => !MayRun(call, NeededFor(step))) is { } guarded)
        {
            return new ValidatedRequest(new ExecuteOutcome.NotAllowed(guarded.Process.Id, NeededFor(guarded)));
        }

        var mistakes = new List<Mistake>(chain.Mistakes);
        ExecuteRequest? outermost = null;
        foreach (var step in chain.Steps)
        {
            var (request, wrong) = await ValidateAsync(step.Provider, step.Process, call.Body with { Json = step.Json }, call.BaseAddress, cancellationToken);
            outermost = step.Publishes is null ? request : outermost;
            mistakes.AddRange(wrong.Select(step.InWhole));
        }

        var subscriber = binder.Subscriber(call.Body, mistakes);
        return mistakes.Count > 0
            ? new ValidatedRequest(new ExecuteOutcome.Refused(mistakes))
            : new ValidatedRequest(Failure: null, catalogues.OfLane(ChainProvider.LaneName), chain.Outermost.Process, outermost! with { Subscriber = subscriber });
    }

    private static bool MayRun(ExecuteCall call, Rights needed) => needed == Rights.None || call.IsAdministrator || call.IsJudged || (needed == Rights.Publish && call.MayPublish);

    private Rights NeededFor(ChainStep step) =>
        step.Publishes is null ? step.Process.NeedsAdministrator ? Rights.Admin : Rights.None
        : layers.Value.Publish == Publishers.Administrator ? Rights.Publish
        : Rights.None;

    private async Task<(ExecuteRequest? Request, IReadOnlyList<Mistake> Mistakes)> ValidateAsync(
        IProcessProvider provider, ProcessDescription process, RequestBody body, string baseAddress, CancellationToken cancellationToken)
    {
        var bound = binder.Bind(process, body, baseAddress);
        if (bound.Good is not { } request)
        {
            return (null, bound.Mistakes);
        }

        // What is good is looked at further: whoever mends a request wants to know all that is wrong with it.
        // What could not be read looks to it as if it were not given; that is no mistake of its own.
        var further = await provider.CheckAsync(process, request, cancellationToken);
        return (request, [.. bound.Mistakes, .. further.Where(mistake => !bound.Mistakes.Any(known => IsAtOrWithin(mistake.Place, known.Place)))]);
    }

    /// <summary>Whether it takes the result of a job that has not ended: then a chain waits for it, and nothing else is held meanwhile.</summary>
    private async Task<bool> HasToWaitAsync(ChainStep step, ExecuteCall call, CancellationToken cancellationToken)
    {
        foreach (var id in step.Awaits)
        {
            if (await jobs.FindAsync(id, cancellationToken) is { State.HasEnded: false } job && call.Sees(job))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAtOrWithin(string input, string place) =>
        place.StartsWith(input, StringComparison.Ordinal) && (place.Length == input.Length || place[input.Length] is '[' or '.');
}

/// <summary>Either why it is refused, or what it says.</summary>
/// <param name="Provider">Who runs it; a chain has one of its own.</param>
public sealed record ValidatedRequest(
    ExecuteOutcome? Failure,
    IProcessProvider? Provider = null,
    ProcessDescription? Process = null,
    ExecuteRequest? Request = null);
