using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes;

/// <summary>Every check that a request must pass before it becomes a job; the same for who only wants to know.</summary>
public sealed class ValidateRequest(ProcessCatalogues catalogues, RequestBinder binder)
{
    public async Task<ValidatedRequest> ExecuteAsync(ExecuteCall call, CancellationToken cancellationToken)
    {
        if (catalogues.Find(call.ProcessId) is not { } found)
        {
            return new ValidatedRequest(new ExecuteOutcome.NoSuchProcess(call.ProcessId));
        }

        var bound = binder.Bind(found.Process, call.Body, call.BaseAddress);
        if (bound.Good is not { } request)
        {
            return new ValidatedRequest(new ExecuteOutcome.Refused(bound.Mistakes));
        }

        // What is good is looked at further: whoever mends a request wants to know all that is wrong with it.
        // What could not be read looks to it as if it were not given; that is no mistake of its own.
        var further = await found.Provider.CheckAsync(found.Process, request, cancellationToken);
        Mistake[] mistakes = [.. bound.Mistakes, .. further.Where(mistake => !bound.Mistakes.Any(known => IsAtOrWithin(mistake.Place, known.Place)))];
        return mistakes.Length > 0
            ? new ValidatedRequest(new ExecuteOutcome.Refused(mistakes))
            : new ValidatedRequest(Failure: null, found.Provider, found.Process, request);
    }

    private static bool IsAtOrWithin(string input, string place) =>
        place.StartsWith(input, StringComparison.Ordinal) && (place.Length == input.Length || place[input.Length] is '[' or '.');
}

/// <summary>Either why it is refused, or what it says.</summary>
public sealed record ValidatedRequest(
    ExecuteOutcome? Failure,
    IProcessProvider? Provider = null,
    ProcessDescription? Process = null,
    ExecuteRequest? Request = null);
