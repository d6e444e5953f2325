using GeoWps.Domain.Jobs;

namespace GeoWps.Application.Ports;

/// <summary>
/// The callbacks that are still owed: one for each job that has a subscriber, from the statement that stored the job on (<see cref="NewJob.OwesCallback"/>),
/// so that no end of this process makes one forgotten. What is to be told, and to whom, is in the job.
/// </summary>
public interface ICallbackOutbox
{
    /// <summary>Those owed, the one that is due first coming first.</summary>
    Task<IReadOnlyList<OwedCallback>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Notes that an attempt has failed; the callback is still owed.</summary>
    Task PostponeAsync(OwedCallback callback, CancellationToken cancellationToken);

    /// <summary>Delivered, or given up.</summary>
    Task SettleAsync(JobId id, CancellationToken cancellationToken);
}

/// <param name="Attempts">How often it was tried in vain.</param>
/// <param name="Due">Not before then.</param>
public sealed record OwedCallback(JobId Id, int Attempts, DateTimeOffset Due);

/// <summary>The way out for callbacks: under the same rules as references (<see cref="IReferenceFetcher"/>), without redirects.</summary>
public interface ICallbackClient
{
    /// <summary>Posts JSON, which <paramref name="write"/> writes.</summary>
    Task<CallbackOutcome> PostAsync(Uri address, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);
}

public abstract record CallbackOutcome
{
    private CallbackOutcome()
    {
    }

    public sealed record Delivered : CallbackOutcome;

    /// <param name="Reason">Safe to log.</param>
    /// <param name="IsFinal">Another try would end no better.</param>
    public sealed record Failed(string Reason, bool IsFinal) : CallbackOutcome;
}

/// <summary>What subscribers are told, as JSON of OGC API - Processes.</summary>
public interface ICallbackBodies
{
    /// <summary>The document of a successful job's results (<c>results.yaml</c>), whatever form its request asked for.</summary>
    Task WriteResultsAsync(Job job, Stream body, CancellationToken cancellationToken);

    /// <summary><c>statusInfo.yaml</c>, with the exception of a job that failed.</summary>
    Task WriteStatusAsync(Job job, Stream body, CancellationToken cancellationToken);
}
