using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Ports;

/// <summary>
/// Keeps jobs; the row is the queue. Each transition is one statement that names the state, the attempt and the worker that it expects:
/// <see langword="false"/> means "not yours any more". Every implementation passes <c>JobStoreContract</c>, and nothing else may be assumed.
/// </summary>
/// <remarks>What has returned is stored: it survives the end of this process by any cause.</remarks>
public interface IJobStore
{
    /// <summary>Whether other nodes use it too: then only the end of its lease tells that a worker is gone.</summary>
    bool IsShared => false;

    /// <summary>Stores a new job as accepted; or, when <see cref="NewJob.StartAs"/> names a worker, as running its first attempt at once.</summary>
    Task<AddOutcome> AddAsync(NewJob job, CancellationToken cancellationToken);

    /// <returns>The newest state, or <see langword="null"/> for an unknown id.</returns>
    Task<Job?> FindAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<JobPage> ListAsync(JobFilter filter, CancellationToken cancellationToken);

    /// <summary>Takes the job that is next in a lane (priority, then age; not before its time), accepted → running, and counts the attempt.</summary>
    /// <param name="processes">Only jobs of these; <see langword="null"/>: of any.</param>
    Task<Job?> ClaimAsync(string lane, string worker, TimeSpan lease, IReadOnlyCollection<string>? processes, CancellationToken cancellationToken);

    /// <summary>Where a waiting job stands in its lane, in the order in which jobs are taken; <see langword="null"/> for one that does not wait.</summary>
    Task<QueuePlace?> FindPlaceAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>When the next job of a lane that waits for its time may start; <see langword="null"/> when none waits.</summary>
    /// <param name="processes">As with <see cref="ClaimAsync"/>.</param>
    Task<DateTimeOffset?> NextDueAsync(string lane, IReadOnlyCollection<string>? processes, CancellationToken cancellationToken);

    /// <summary>Keeps a running job for longer and notes how far it is.</summary>
    Task<bool> RenewAsync(JobHold hold, TimeSpan lease, double progress, string? message, CancellationToken cancellationToken);

    /// <summary>Running → successful. The results' blobs must be stored before.</summary>
    Task<bool> SucceedAsync(JobHold hold, IReadOnlyList<OutputValue> outputs, CancellationToken cancellationToken);

    /// <summary>Running → successful, with a copy of the results of <paramref name="source"/>, which must still be there; the job says so.</summary>
    Task<bool> SucceedFromAsync(JobHold hold, JobId source, IReadOnlyList<OutputValue> outputs, CancellationToken cancellationToken);

    /// <summary>The successful job that ended last of those with this <see cref="NewJob.RequestDigest"/>, not before <paramref name="notBefore"/>.</summary>
    /// <param name="owner">Who asks: jobs of others are not found.</param>
    Task<Job?> FindRememberedAsync(string requestDigest, string? owner, DateTimeOffset notBefore, CancellationToken cancellationToken);

    /// <summary>Running → failed.</summary>
    Task<bool> FailAsync(JobHold hold, JobFailure failure, CancellationToken cancellationToken);

    /// <summary>Running → accepted, to be started again after <paramref name="delay"/>; the attempt stays counted unless <paramref name="forgetAttempt"/>.</summary>
    Task<bool> PutBackAsync(JobHold hold, string reason, TimeSpan delay, bool forgetAttempt, CancellationToken cancellationToken);

    /// <summary>Accepted or running → dismissed, and its steps with it.</summary>
    /// <returns>The job as it is now, dismissed or ended before; <see langword="null"/> for an unknown id.</returns>
    Task<DismissOutcome?> DismissAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>Running jobs whose lease has run out, or that <paramref name="ofWorkersOtherThan"/> names nobody who lives for: back to accepted,
    /// or failed (<see cref="FailureKind.Lost"/>) when <paramref name="maxAttempts"/> are spent. Steps whose chain does not run any more are dismissed.</summary>
    /// <param name="ofWorkersOtherThan">On a store that one node owns, its worker's name: every other holder is gone. <see langword="null"/>: go by leases alone.</param>
    /// <returns>The jobs changed.</returns>
    Task<IReadOnlyList<Job>> RecoverAsync(int maxAttempts, string? ofWorkersOtherThan, CancellationToken cancellationToken);

    /// <summary>Removes an ended job with its log; its blobs and its steps are the caller's affair.</summary>
    Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>The steps of a chain, of all its attempts, in the order of their making.</summary>
    Task<IReadOnlyList<JobId>> ListStepsAsync(JobId chain, CancellationToken cancellationToken);

    /// <summary>
    /// Ended jobs last changed before <paramref name="before"/>, oldest first, at most <paramref name="most"/>; no steps, as long as their chain is there.
    /// </summary>
    Task<IReadOnlyList<JobId>> ListEndedBeforeAsync(DateTimeOffset before, int most, CancellationToken cancellationToken);

    Task AppendLogAsync(JobId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken);

    /// <summary>In the order written, those after the first <paramref name="skip"/>.</summary>
    Task<IReadOnlyList<LogEntry>> ReadLogAsync(JobId id, int skip, int most, CancellationToken cancellationToken);

    /// <summary>How many jobs wait and run, by lane.</summary>
    Task<IReadOnlyDictionary<string, QueueLength>> CountAsync(CancellationToken cancellationToken);
}

/// <summary>A job to be stored.</summary>
/// <param name="MaxQueued">More waiting jobs than this in its lane, and it is refused as <see cref="AddOutcome.Full"/>.</param>
/// <param name="StartAs">Worker and lease of an attempt that starts at once (the caller has a free place); <see langword="null"/>: it waits.</param>
/// <param name="Idempotency">Key and digest of the body, where the caller sent a key.</param>
public sealed record NewJob(
    JobId Id,
    string ProcessId,
    string Lane,
    JobRequest Request,
    string? Owner,
    int Priority,
    int MaxQueued,
    (string Worker, TimeSpan Lease)? StartAs,
    (string Key, string BodyDigest)? Idempotency)
{
    /// <summary>By which later requests find its results; <see langword="null"/>: they are not to be found.</summary>
    public string? RequestDigest { get; init; }

    /// <summary>Somebody is to be told of its end: noted in the same statement (<see cref="ICallbackOutbox"/>).</summary>
    public bool OwesCallback { get; init; }

    /// <summary>See <see cref="Job.IsAdministered"/>.</summary>
    public bool IsAdministered { get; init; }

    /// <summary>The attempt of the chain that it is a step of; stored only while that one still holds its job.</summary>
    public JobHold? Parent { get; init; }
}

public abstract record AddOutcome
{
    private AddOutcome()
    {
    }

    public sealed record Added(Job Job) : AddOutcome;

    /// <summary>The same key with the same body was accepted before (within a day): this is its job.</summary>
    public sealed record Repeated(Job Job) : AddOutcome;

    /// <summary>The same key was used with another body.</summary>
    public sealed record KeyReused : AddOutcome;

    /// <param name="Waiting">How many wait.</param>
    public sealed record Full(int Waiting) : AddOutcome;

    /// <summary>The chain that it would be a step of is not this attempt's any more; nothing was stored.</summary>
    public sealed record Orphaned : AddOutcome;
}

/// <summary>Proof of holding a running job.</summary>
public sealed record JobHold(JobId Id, int Attempt, string Worker);

/// <param name="Changed">Whether this call did it.</param>
/// <param name="Job">As it is now.</param>
/// <param name="WasRunning">It was being worked on when it was dismissed.</param>
public sealed record DismissOutcome(bool Changed, Job Job, bool WasRunning)
{
    /// <summary>The steps that were dismissed with it.</summary>
    public IReadOnlyList<Job> Steps { get; init; } = [];
}

/// <summary>What a list shows: every condition given must hold. OGC API - Processes 1.0, clause 11.3.</summary>
public sealed record JobFilter
{
    public IReadOnlyList<string> ProcessIds { get; init; } = [];

    public IReadOnlyList<JobStatus> Statuses { get; init; } = [];

    /// <summary>Bounds of the time of creation, both included.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedTo { get; init; }

    /// <summary>Bounds of the running time (until now for a running job), both included.</summary>
    public TimeSpan? MinDuration { get; init; }

    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Only the steps of this chain.</summary>
    public JobId? Parent { get; init; }

    /// <summary>Only jobs that this one may see: its own and nobody's; <see langword="null"/>, or an administrator: all.</summary>
    public Caller? SeenBy { get; init; }

    /// <summary>Jobs older than this one, the last of the page before.</summary>
    public JobId? After { get; init; }

    public required int Limit { get; init; }
}

/// <param name="HasMore">Whether there are more.</param>
public sealed record JobPage(IReadOnlyList<Job> Jobs, bool HasMore);

/// <param name="Level"><c>info</c>, <c>warning</c>, <c>error</c>, <c>command</c>, <c>console</c> or <c>progress</c>.</param>
public sealed record LogEntry(DateTimeOffset At, int Attempt, string Level, string Text);

public sealed record QueueLength(int Waiting, int Running);

/// <param name="Before">How many jobs are taken before it when nothing else comes; at most <see cref="Counted"/> are told apart, one more stands for "more".</param>
/// <param name="IsClaimable">Whether there is a node now that runs its process.</param>
public sealed record QueuePlace(int Before, bool IsClaimable)
{
    public const int Counted = 1000;

    /// <summary>Its number in the line, from 1 on; <see langword="null"/> when more than <see cref="Counted"/> are before it.</summary>
    public int? Position => Before > Counted ? null : Before + 1;
}
