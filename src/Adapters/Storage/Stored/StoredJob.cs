using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>A job at the moment of its storing.</summary>
internal static class StoredJob
{
    /// <param name="atMs">When it was stored: milliseconds since 1970.</param>
    public static Job Of(NewJob job, long atMs)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(atMs);
        return new Job
        {
            Id = job.Id,
            ProcessId = job.ProcessId,
            Lane = job.Lane,
            Owner = job.Owner,
            IsAdministered = job.IsAdministered,
            Priority = job.Priority,
            State = job.StartAs is var (worker, lease)
                ? new JobState.Running(at, worker, DateTimeOffset.FromUnixTimeMilliseconds(atMs + (long)lease.TotalMilliseconds))
                : new JobState.Accepted(null),
            Attempt = job.StartAs is null ? 0 : 1,
            Created = at,
            Updated = at,
            Parent = job.Parent?.Id,
            Request = job.Request,
        };
    }
}
