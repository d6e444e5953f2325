using GeoWps.Domain.Jobs;

namespace GeoWps.Application.Ports;

/// <summary>What jobs tell those who watch them. A subscriber that is slow misses events, never the last one.</summary>
public interface IJobEvents
{
    void Publish(JobEvent jobEvent);

    /// <summary>Events of one job from now on; ends after the one in which it has ended.</summary>
    IAsyncEnumerable<JobEvent> WatchAsync(JobId id, CancellationToken cancellationToken);
}

public abstract record JobEvent(JobId Id)
{
    /// <summary>Its state changed.</summary>
    public sealed record Changed(Job Job) : JobEvent(Job.Id);

    public sealed record Progressed(JobId Id, double Percent) : JobEvent(Id);

    public sealed record Logged(JobId Id, LogEntry Entry) : JobEvent(Id);
}
