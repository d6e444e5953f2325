using GeoWps.Domain.Jobs;

namespace GeoWps.Application.Ports;

/// <summary>Keeps seedings by the clock, and what became of them. Every implementation passes <c>ScheduleStoreContract</c>.</summary>
/// <remarks>What has returned is stored: it survives the end of this process by any cause.</remarks>
public interface IScheduleStore
{
    /// <summary>By id (ordinal).</summary>
    Task<IReadOnlyList<StoredSchedule>> ListAsync(CancellationToken cancellationToken);

    /// <returns><see langword="false"/> when the id is taken.</returns>
    Task<bool> TryAddAsync(StoredSchedule schedule, CancellationToken cancellationToken);

    /// <returns>Whether there was none before.</returns>
    Task<bool> PutAsync(StoredSchedule schedule, CancellationToken cancellationToken);

    /// <summary>With what became of it.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Takes one of a schedule's times, for whoever starts its job: one caller gets it, of however many threads and nodes.</summary>
    /// <param name="id">Also of a schedule that is not stored here.</param>
    /// <returns><see langword="false"/> when this time or a later one was taken before.</returns>
    Task<bool> TryTakeAsync(string id, DateTimeOffset due, CancellationToken cancellationToken);

    /// <summary>Notes what became of a schedule last.</summary>
    Task NoteAsync(string id, ScheduleRun run, CancellationToken cancellationToken);

    /// <summary>What became of each that was ever run, by id.</summary>
    Task<IReadOnlyDictionary<string, ScheduleRun>> RunsAsync(CancellationToken cancellationToken);
}

/// <param name="Cron">Minute, hour, day, month, weekday; UTC.</param>
/// <param name="Request">JSON.</param>
/// <param name="Updated">From when on its times count.</param>
public sealed record StoredSchedule(string Id, string Cron, string Request, DateTimeOffset Updated);

/// <param name="Job">That was started; it may be gone.</param>
/// <param name="Reason">Why none was started; safe to show.</param>
public sealed record ScheduleRun(DateTimeOffset At, JobId? Job, string? Reason);
