using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>The callbacks owed, beside the jobs.</summary>
internal sealed class SqliteCallbackOutbox(SqliteDatabase database) : ICallbackOutbox
{
    public Task<IReadOnlyList<OwedCallback>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync(
        session => (IReadOnlyList<OwedCallback>)session.All(
            "SELECT job_id, attempts, due FROM callbacks ORDER BY due",
            row => new OwedCallback(JobRow.Id(row.GetString(0)), row.GetInt32(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))),
        cancellationToken);

    public Task PostponeAsync(OwedCallback callback, CancellationToken cancellationToken) => database.WriteAsync(
        durable: false,
        session => session.Execute(
            "UPDATE callbacks SET attempts = @attempts, due = @due WHERE job_id = @id",
            ("@id", callback.Id.Value),
            ("@attempts", callback.Attempts),
            ("@due", callback.Due.ToUnixTimeMilliseconds())),
        cancellationToken);

    public Task SettleAsync(JobId id, CancellationToken cancellationToken) => database.WriteAsync(
        durable: false, session => session.Execute("DELETE FROM callbacks WHERE job_id = @id", ("@id", id.Value)), cancellationToken);
}
