using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>States as they are stored, both ways: statements, filters and rows take them from here.</summary>
internal static class JobStatusText
{
    public const string Accepted = "accepted";
    public const string Running = "running";
    public const string Successful = "successful";
    public const string Failed = "failed";
    public const string Dismissed = "dismissed";

    public static string Of(JobStatus status) => status switch
    {
        JobStatus.Accepted => Accepted,
        JobStatus.Running => Running,
        JobStatus.Successful => Successful,
        JobStatus.Failed => Failed,
        JobStatus.Dismissed => Dismissed,
    };

    public static JobStatus Parse(string text) => text switch
    {
        Accepted => JobStatus.Accepted,
        Running => JobStatus.Running,
        Successful => JobStatus.Successful,
        Failed => JobStatus.Failed,
        Dismissed => JobStatus.Dismissed,
        _ => throw new InvalidDataException($"'{text}' is the state of no job."),
    };
}
