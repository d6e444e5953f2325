using GeoWps.Domain.Processes;

namespace GeoWps.Domain.Jobs;

/// <summary>One execution of a process, as the store last knew it. Immutable; transitions are statements of the store (see IJobStore).</summary>
public sealed record Job
{
    public required JobId Id { get; init; }

    public required string ProcessId { get; init; }

    /// <summary>Which workers can run it: the lane of the process's provider.</summary>
    public required string Lane { get; init; }

    public required JobState State { get; init; }

    /// <summary>How often it was started, from 1 with the first claim; 0 before.</summary>
    public required int Attempt { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>0 to 100; kept apart from the state because it changes often and decides nothing.</summary>
    public double Progress { get; init; }

    /// <summary>What it last said about itself; safe to show.</summary>
    public string? Message { get; init; }

    /// <summary>Who may see and dismiss it; <see langword="null"/>: anyone.</summary>
    public string? Owner { get; init; }

    /// <summary>Somebody who may administer started it: it is seen like any other, but only an administrator, or its owner, may dismiss it.</summary>
    public bool IsAdministered { get; init; }

    /// <summary>Jobs of higher priority start first. Synchronous ones have 10, asynchronous ones 0.</summary>
    public int Priority { get; init; }

    /// <summary>The chain that it is a step of; <see langword="null"/>: it stands for itself. It is dismissed and removed with it.</summary>
    public JobId? Parent { get; init; }

    public required JobRequest Request { get; init; }

    /// <summary>Whether it may take another job's results: those of its own caller, of nobody in particular, and for an administrator everybody's.</summary>
    public bool Sees(Job other) => other.Owner is null || other.Owner == Owner || IsAdministered;

    /// <summary>The results; empty until it is successful.</summary>
    public IReadOnlyList<OutputValue> Outputs { get; init; } = [];

    /// <summary>The job whose results these are a copy of; <see langword="null"/>: it made them itself. That job may be gone.</summary>
    public JobId? DerivedFrom { get; init; }

    public DateTimeOffset? Started => State.Status switch
    {
        JobStatus.Accepted => null,
        JobStatus.Running => ((JobState.Running)State).Started,
        JobStatus.Successful => ((JobState.Successful)State).Started,
        JobStatus.Failed => ((JobState.Failed)State).Started,
        JobStatus.Dismissed => ((JobState.Dismissed)State).Started,
    };

    public DateTimeOffset? Finished => State.Status switch
    {
        JobStatus.Accepted or JobStatus.Running => null,
        JobStatus.Successful => ((JobState.Successful)State).Finished,
        JobStatus.Failed => ((JobState.Failed)State).Finished,
        JobStatus.Dismissed => ((JobState.Dismissed)State).Finished,
    };
}

/// <summary>What was asked for, as it is kept: enough to run it again after a restart, on any node.</summary>
/// <param name="Json">The execute request as JSON (OGC API form), large parts moved out.</param>
/// <param name="Attachments">The parts moved out; their content is in the blob store under <see cref="JobKeys.Attachment"/>.</param>
/// <param name="BaseAddress">The address under which the caller reached the server, ending in a slash; own references are known by it.</param>
public sealed record JobRequest(string Json, IReadOnlyList<Attachment> Attachments, string BaseAddress)
{
    /// <summary>The member of the request that says that its answer repeats its inputs.</summary>
    public const string KeepInputs = "keepInputs";

    /// <summary>Whether the parts moved out are still needed when the job has ended.</summary>
    public bool KeepsInputs => Attachments.Count > 0 && Json.Contains($"\"{KeepInputs}\":true", StringComparison.Ordinal);
}

/// <summary>Where a job's content lies in the blob store.</summary>
public static class JobKeys
{
    public const string Prefix = "jobs/";

    public static string All(JobId id) => $"{Prefix}{id}/";

    /// <summary>The parts of a step's request are those of its chain's.</summary>
    public static string AttachmentOf(Job job, int number) => Attachment(job.Parent ?? job.Id, number);

    public static string Attachment(JobId id, int number) => $"{Attachments(id)}{number}";

    /// <summary>The prefix of all of a request's.</summary>
    public static string Attachments(JobId id) => $"{Prefix}{id}/request/";

    /// <summary>Results hold the attempt, so that an attempt that was given up can not write over its successor's.</summary>
    public static string Output(JobId id, int attempt, string fileName) => $"{Prefix}{id}/{attempt}/{fileName}";
}
