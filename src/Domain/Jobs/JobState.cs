using GeoWps.Domain.Processes;

namespace GeoWps.Domain.Jobs;

/// <summary>The closed set of states of OGC API - Processes (<c>statusCode.yaml</c>). A new member breaks every switch until it is handled.</summary>
public enum JobStatus
{
    Accepted,
    Running,
    Successful,
    Failed,
    Dismissed,
}

/// <summary>What is known about a job in each state, and in no other.</summary>
public abstract record JobState
{
    private JobState(JobStatus status) => Status = status;

    /// <summary>Switch on this, not on the type: the compiler checks an enum switch.</summary>
    public JobStatus Status { get; }

    public bool HasEnded => Status is JobStatus.Successful or JobStatus.Failed or JobStatus.Dismissed;

    /// <summary>Stored, waiting for a worker; not before <paramref name="NotBefore"/> after a failed attempt.</summary>
    public sealed record Accepted(DateTimeOffset? NotBefore) : JobState(JobStatus.Accepted);

    /// <summary>Held by <paramref name="Worker"/> until <paramref name="LeaseUntil"/> unless it renews.</summary>
    public sealed record Running(DateTimeOffset Started, string Worker, DateTimeOffset LeaseUntil) : JobState(JobStatus.Running);

    /// <summary>Ended with results.</summary>
    public sealed record Successful(DateTimeOffset Started, DateTimeOffset Finished) : JobState(JobStatus.Successful);

    /// <summary>Ended without results.</summary>
    public sealed record Failed(DateTimeOffset? Started, DateTimeOffset Finished, JobFailure Failure) : JobState(JobStatus.Failed);

    /// <summary>Ended at a client's wish.</summary>
    public sealed record Dismissed(DateTimeOffset? Started, DateTimeOffset Finished) : JobState(JobStatus.Dismissed);
}

/// <summary>Which limit or fault ended a job.</summary>
public enum FailureKind
{
    /// <summary>The algorithm reported an error.</summary>
    Algorithm,

    /// <summary>An input could not be read or is not what its description asks for; found only after the job was accepted.</summary>
    Input,

    /// <summary>It ran longer than <c>Jobs:TimeoutSeconds</c>.</summary>
    Time,

    /// <summary>It needed more memory than <c>Jobs:MaxMemoryMb</c>.</summary>
    Memory,

    /// <summary>Its process ended unexpectedly, in each attempt.</summary>
    Crash,

    /// <summary>Its worker was lost (a restart, a power cut) in each attempt.</summary>
    Lost,

    /// <summary>Our fault; the log of the server says more.</summary>
    Internal,
}

/// <param name="Message">Safe to show: no path of the server, no trace.</param>
/// <param name="Mistakes">The caller's, each with its place, where it failed for those.</param>
public sealed record JobFailure(FailureKind Kind, string Message, IReadOnlyList<Mistake> Mistakes)
{
    public JobFailure(FailureKind kind, string message)
        : this(kind, message, [])
    {
    }

    /// <summary>The process went between the job's acceptance and its run.</summary>
    public static JobFailure NotOffered(string processId) => new(FailureKind.Input, $"The process {processId} is not offered any more.");
}
