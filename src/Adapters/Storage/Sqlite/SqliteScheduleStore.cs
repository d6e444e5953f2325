using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Schedules of one node, beside its layers.</summary>
internal sealed class SqliteScheduleStore(SqliteDatabase database) : IScheduleStore
{
    private const bool Durable = true;

    private const string Add = "INSERT INTO schedules (id, cron, request, updated) VALUES (@id, @cron, @request, @updated) ON CONFLICT (id) DO NOTHING";

    private const string Replace = "UPDATE schedules SET cron = @cron, request = @request, updated = @updated WHERE id = @id";

    private const string Take =
        """
        INSERT INTO schedule_runs (schedule, due) VALUES (@id, @due)
        ON CONFLICT (schedule) DO UPDATE SET due = excluded.due WHERE schedule_runs.due IS NULL OR schedule_runs.due < excluded.due
        """;

    private const string Note =
        """
        INSERT INTO schedule_runs (schedule, at, job, reason) VALUES (@id, @at, @job, @reason)
        ON CONFLICT (schedule) DO UPDATE SET at = excluded.at, job = excluded.job, reason = excluded.reason
        """;

    public Task<IReadOnlyList<StoredSchedule>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<StoredSchedule>>(
        session => session.All(
            "SELECT id, cron, request, updated FROM schedules ORDER BY id",
            row => new StoredSchedule(row.GetString(0), row.GetString(1), row.GetString(2), JobRow.Time(row, 3))),
        cancellationToken);

    public Task<bool> TryAddAsync(StoredSchedule schedule, CancellationToken cancellationToken) =>
        database.WriteAsync(Durable, session => Write(session, Add, schedule), cancellationToken);

    public Task<bool> PutAsync(StoredSchedule schedule, CancellationToken cancellationToken) =>
        database.WriteAsync(Durable, session => !Write(session, Replace, schedule) && Write(session, Add, schedule), cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => database.WriteAsync(
        Durable,
        session =>
        {
            session.Execute("DELETE FROM schedule_runs WHERE schedule = @id", ("@id", id));
            return session.Execute("DELETE FROM schedules WHERE id = @id", ("@id", id)) > 0;
        },
        cancellationToken);

    public Task<bool> TryTakeAsync(string id, DateTimeOffset due, CancellationToken cancellationToken) =>
        database.WriteAsync(Durable, session => session.Execute(Take, ("@id", id), ("@due", due.ToUnixTimeMilliseconds())) > 0, cancellationToken);

    public Task NoteAsync(string id, ScheduleRun run, CancellationToken cancellationToken) => database.WriteAsync(
        Durable,
        session => session.Execute(Note, ("@id", id), ("@at", run.At.ToUnixTimeMilliseconds()), ("@job", run.Job?.Value), ("@reason", run.Reason)),
        cancellationToken);

    public Task<IReadOnlyDictionary<string, ScheduleRun>> RunsAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyDictionary<string, ScheduleRun>>(
        session => session.All(
            "SELECT schedule, at, job, reason FROM schedule_runs WHERE at IS NOT NULL",
            row => KeyValuePair.Create(row.GetString(0), new ScheduleRun(JobRow.Time(row, 1), row.IsDBNull(2) ? null : JobRow.Id(row.GetString(2)), row.IsDBNull(3) ? null : row.GetString(3))))
            .ToDictionary(StringComparer.Ordinal),
        cancellationToken);

    private static bool Write(SqliteSession session, string statement, StoredSchedule schedule) => session.Execute(
        statement,
        ("@id", schedule.Id),
        ("@cron", schedule.Cron),
        ("@request", schedule.Request),
        ("@updated", UnixTime.Floor(schedule.Updated))) > 0;
}
