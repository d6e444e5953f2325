using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Http;

/// <summary>A node without schedules.</summary>
internal sealed class NoSchedules : IScheduleStore
{
    public Task<IReadOnlyList<StoredSchedule>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StoredSchedule>>([]);

    public Task<bool> TryAddAsync(StoredSchedule schedule, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> PutAsync(StoredSchedule schedule, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<bool> TryTakeAsync(string id, DateTimeOffset due, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task NoteAsync(string id, ScheduleRun run, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, ScheduleRun>> RunsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, ScheduleRun>>(new Dictionary<string, ScheduleRun>());
}
