using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// The callbacks owed. Each is one node's, from the statement that stored its job on, as long as that node looks here now and then; then it is the one's who looks next.
/// </summary>
internal sealed class PostgresCallbackOutbox(PostgresDatabase database) : ICallbackOutbox
{
    /// <summary>Longer than the time between two looks of a node that lives, by far.</summary>
    public const long LeaseMs = 90_000;

    public async Task<IReadOnlyList<OwedCallback>> ListAsync(CancellationToken cancellationToken)
    {
        var owed = await database.AllAsync(
            """
            UPDATE geowps.callbacks SET node = @node, lease_until = geowps.now_ms() + @lease
            WHERE job_id IN (SELECT job_id FROM geowps.callbacks WHERE node = @node OR lease_until <= geowps.now_ms() FOR UPDATE SKIP LOCKED)
            RETURNING job_id, attempts, due
            """,
            row => new OwedCallback(JobRow.Id(row.GetString(0)), row.GetInt32(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))),
            mayRepeat: true,
            cancellationToken,
            ("@node", database.Node),
            ("@lease", LeaseMs));
        return [.. owed.OrderBy(callback => callback.Due)];
    }

    public Task PostponeAsync(OwedCallback callback, CancellationToken cancellationToken) => database.ExecuteAsync(
        "UPDATE geowps.callbacks SET attempts = @attempts, due = @due WHERE job_id = @id",
        mayRepeat: true,
        cancellationToken,
        ("@id", callback.Id.Value),
        ("@attempts", callback.Attempts),
        ("@due", callback.Due.ToUnixTimeMilliseconds()));

    public Task SettleAsync(JobId id, CancellationToken cancellationToken) =>
        database.ExecuteAsync("DELETE FROM geowps.callbacks WHERE job_id = @id", mayRepeat: true, cancellationToken, ("@id", id.Value));
}
