using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Recall;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes;

/// <summary>An execute request's body as it was read from the wire: small parts here, large ones in the blob store under the job's id.</summary>
/// <param name="Id">The id of the job that it will be.</param>
/// <param name="Json">The OGC API execute document with markers in place of <paramref name="Attachments"/>.</param>
/// <param name="Digest">SHA-256 of the body as sent, hexadecimal: what an idempotency key is compared by.</param>
public sealed record RequestBody(JobId Id, JsonElement Json, IReadOnlyList<Attachment> Attachments, string Digest);

/// <summary>How the caller wants to be answered.</summary>
public enum ExecuteMode
{
    /// <summary>When the job has ended, with its results.</summary>
    Sync,

    /// <summary>At once, with the job.</summary>
    Async,
}

/// <summary>A wish to execute a process, from any protocol.</summary>
/// <param name="Wait">With <see cref="ExecuteMode.Async"/>: how long the answer may be held back for a job that ends soon (RFC 7240 <c>wait</c>).</param>
/// <param name="Owner">Who asks; <see langword="null"/>: anyone.</param>
/// <param name="BaseAddress">Under which the caller reached the server, ending in a slash.</param>
public sealed record ExecuteCall(
    string ProcessId,
    RequestBody Body,
    ExecuteMode Mode,
    TimeSpan? Wait,
    string? Owner,
    string BaseAddress,
    string? IdempotencyKey)
{
    /// <summary>Whether the results of an earlier, equal request will do.</summary>
    public AgeWish Age { get; init; } = AgeWish.Unsaid;

    /// <summary>The caller may administer: it may run everything, and sees everybody's jobs.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>The caller may store files, and so read those that are nobody's.</summary>
    public bool MayStoreFiles { get; init; }

    /// <summary>The caller may make layers of results.</summary>
    public bool MayPublish { get; init; }

    /// <summary>That the caller may run it was judged before: by whoever makes the call, or when the chain was accepted that this is a step of.</summary>
    public bool IsJudged { get; init; }

    /// <summary>The chain that it is a step of.</summary>
    public ChainLink? Chain { get; init; }

    /// <summary>The same call, of somebody.</summary>
    public ExecuteCall By(Caller caller) => this with { Owner = caller.Name, IsAdministrator = caller.IsAdministrator, MayPublish = caller.May(Rights.Publish), MayStoreFiles = caller.May(Rights.Files) };

    /// <summary>Whether the caller may know of a job.</summary>
    public bool Sees(Job job) => job.Owner is null || job.Owner == Owner || IsAdministrator;
}

/// <summary>The attempt of a chain that a step is made by.</summary>
/// <param name="Priority">Of the step.</param>
/// <param name="IsAdministered">Of the chain, and so of the step: <see cref="Job.IsAdministered"/>.</param>
public sealed record ChainLink(JobHold Hold, int Priority, bool IsAdministered = false);

public abstract record ExecuteOutcome
{
    private ExecuteOutcome()
    {
    }

    public sealed record NoSuchProcess(string Id) : ExecuteOutcome;

    /// <summary>The process, of the request or of a step in it, needs a right that the caller lacks.</summary>
    public sealed record NotAllowed(string Id, Rights Needed) : ExecuteOutcome;

    /// <summary>Nothing was stored: all mistakes at once.</summary>
    public sealed record Refused(IReadOnlyList<Mistake> Mistakes) : ExecuteOutcome;

    /// <summary>The queue is full: worth another try after <paramref name="RetryAfter"/>.</summary>
    public sealed record Full(TimeSpan RetryAfter) : ExecuteOutcome;

    /// <summary>The idempotency key was used with another body.</summary>
    public sealed record KeyReused : ExecuteOutcome;

    /// <summary>The chain of this step is not that attempt's any more.</summary>
    public sealed record Orphaned : ExecuteOutcome;

    /// <summary>A job that runs, or ended within the wait; asked for asynchronously.</summary>
    public sealed record Started(Job Job) : ExecuteOutcome;

    /// <summary>A job that was waited for and has ended, however.</summary>
    public sealed record Ended(Job Job, ExecuteRequest Request) : ExecuteOutcome;
}
