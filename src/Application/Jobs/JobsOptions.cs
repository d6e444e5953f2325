using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Jobs;

/// <summary>Section <c>Jobs</c>: what a job may take, and how long it is kept. A wrong or unknown key stops the start.</summary>
public sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>Jobs that may wait in a lane before more are refused with 503. Default: 1000.</summary>
    [Range(0, 1_000_000)]
    public int MaxQueued { get; set; } = 1000;

    /// <summary>Seconds that an attempt may run; the time in the queue does not count. Default: 3600.</summary>
    [Range(1, 2_592_000)]
    public int TimeoutSeconds { get; set; } = 3600;

    /// <summary>How often a job is started when its worker is lost under it. Default: 3.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Hours that an ended job is kept with its results. Default: 168, a week.</summary>
    [Range(1, 876_000)]
    public int RetentionHours { get; set; } = 168;

    /// <summary>Seconds that a job stays with a worker that no longer renews its lease; renewed at a third of it. Default: 15.</summary>
    [Range(3, 3600)]
    public int LeaseSeconds { get; set; } = 15;

    /// <summary>Hard limit of memory for one job's process, in MiB. Default: 4096.</summary>
    [Range(256, 1_048_576)]
    public int MaxMemoryMb { get; set; } = 4096;

    /// <summary>In a cluster: minutes that a job waits when no node has its process, before it fails. They count only while some node is there. Default: 60.</summary>
    [Range(1, 100_000)]
    public int UnclaimableMinutes { get; set; } = 60;
}

/// <summary>What one attempt of a job may take.</summary>
public sealed record JobLimits(TimeSpan Timeout, int MaxMemoryMb);
