using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Schedules of all nodes; one of them takes each time.</summary>
internal sealed class PostgresScheduleStore(PostgresDatabase database) : IScheduleStore
{
    private const bool Repeat = true;
    private const bool Once = false;

    // In one statement, which tells by its key whether it was an insertion.
    private const string Put =
        """
        INSERT INTO geowps.schedules AS old (id, cron, request, updated) VALUES (@id, @cron, @request, @updated)
        ON CONFLICT (id) DO UPDATE SET cron = excluded.cron, request = excluded.request, updated = excluded.updated
        RETURNING old.xmax = 0
        """;

    private const string Take =
        """
        INSERT INTO geowps.schedule_runs AS old (schedule, due) VALUES (@id, @due)
        ON CONFLICT (schedule) DO UPDATE SET due = excluded.due WHERE old.due IS NULL OR old.due < excluded.due
        """;

    private const string Note =
        """
        INSERT INTO geowps.schedule_runs (schedule, at, job, reason) VALUES (@id, @at, @job, @reason)
        ON CONFLICT (schedule) DO UPDATE SET at = excluded.at, job = excluded.job, reason = excluded.reason
        """;

    public async Task<IReadOnlyList<StoredSchedule>> ListAsync(CancellationToken cancellationToken) => await database.AllAsync(
        "SELECT id, cron, request, updated FROM geowps.schedules ORDER BY id",
        row => new StoredSchedule(row.GetString(0), row.GetString(1), row.GetString(2), JobRow.Time(row, 3)),
        Repeat,
        cancellationToken);

    public async Task<bool> TryAddAsync(StoredSchedule schedule, CancellationToken cancellationToken) => await database.ExecuteAsync(
        "INSERT INTO geowps.schedules (id, cron, request, updated) VALUES (@id, @cron, @request, @updated) ON CONFLICT (id) DO NOTHING",
        Once,
        cancellationToken,
        ValuesOf(schedule)) > 0;

    public async Task<bool> PutAsync(StoredSchedule schedule, CancellationToken cancellationToken) =>
        (bool)(await database.ValueAsync(Put, Once, cancellationToken, ValuesOf(schedule)))!;

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => await database.ValueAsync(
        "WITH runs AS (DELETE FROM geowps.schedule_runs WHERE schedule = @id) DELETE FROM geowps.schedules WHERE id = @id RETURNING true", Once, cancellationToken, ("@id", id)) is true;

    public async Task<bool> TryTakeAsync(string id, DateTimeOffset due, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(Take, Once, cancellationToken, ("@id", id), ("@due", due.ToUnixTimeMilliseconds())) > 0;

    public Task NoteAsync(string id, ScheduleRun run, CancellationToken cancellationToken) => database.ExecuteAsync(
        Note, Repeat, cancellationToken, ("@id", id), ("@at", run.At.ToUnixTimeMilliseconds()), ("@job", run.Job?.Value), ("@reason", run.Reason));

    public async Task<IReadOnlyDictionary<string, ScheduleRun>> RunsAsync(CancellationToken cancellationToken) => (await database.AllAsync(
        "SELECT schedule, at, job, reason FROM geowps.schedule_runs WHERE at IS NOT NULL",
        row => KeyValuePair.Create(row.GetString(0), new ScheduleRun(JobRow.Time(row, 1), row.IsDBNull(2) ? null : JobRow.Id(row.GetString(2)), row.IsDBNull(3) ? null : row.GetString(3))),
        Repeat,
        cancellationToken)).ToDictionary(StringComparer.Ordinal);

    private static (string Name, object? Value)[] ValuesOf(StoredSchedule schedule) =>
        [("@id", schedule.Id), ("@cron", schedule.Cron), ("@request", schedule.Request), ("@updated", UnixTime.Floor(schedule.Updated))];
}
