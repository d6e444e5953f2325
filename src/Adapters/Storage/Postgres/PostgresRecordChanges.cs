using System.Data;
using GeoWps.Adapters.Storage.Records;
using GeoWps.Application.Ports;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>What has changed since a state, and what is kept of it. The number of a state is the oldest transaction that was under way then: what older ones did is in it, and what others do may be.</summary>
internal static class PostgresRecordChanges
{
    private const string State = "SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, forgotten FROM geowps.record_states";

    /// <summary>Removals beyond the newest.</summary>
    public const string Forget =
        """
        WITH old AS (DELETE FROM geowps.record_removals WHERE changed <= (SELECT changed FROM geowps.record_removals ORDER BY changed DESC LIMIT 1 OFFSET @kept) RETURNING changed)
        UPDATE geowps.record_states SET forgotten = greatest(forgotten, (SELECT max(changed) FROM old)) WHERE EXISTS (SELECT FROM old)
        """;

    public static async Task<RecordChanges?> ReadAsync(NpgsqlConnection connection, RecordQuery caller, string? since, int most, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var conditions = new RecordConditions("geowps.", _ => "", (_, _, _, _) => "");
        conditions.AddCaller(caller);
        var (epoch, next, forgotten) = (await PostgresDatabase.AllAsync(connection, State, row => (row.GetString(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken))[0];
        var total = (await PostgresDatabase.AllAsync(connection, $"SELECT count(*) FROM geowps.records r WHERE {conditions.Sql}", row => row.GetInt64(0), cancellationToken, [.. conditions.Values]))[0];
        if (since is null)
        {
            return new RecordChanges(RecordState.Write(epoch, next), total, [], []);
        }

        if (RecordState.Read(since, epoch, next, forgotten) is not { } from)
        {
            return null;
        }

        (string, object?)[] values = [.. conditions.Values, ("@from", from), ("@most", most + 1)];
        var changed = await PostgresDatabase.AllAsync(
            connection,
            $"SELECT d.document FROM geowps.records r JOIN geowps.record_documents d ON d.record = r.id WHERE r.changed >= @from AND {conditions.Sql} LIMIT @most",
            row => StoredRecord.Read(row.GetString(0), null),
            cancellationToken,
            values);
        var removed = await PostgresDatabase.AllAsync(
            connection,
            $"""
            SELECT DISTINCT m.record_id FROM (SELECT * FROM geowps.record_removals r WHERE r.changed >= @from AND {conditions.Sql}) m
            WHERE NOT EXISTS (SELECT FROM geowps.records r WHERE r.record_id = m.record_id AND {conditions.Sql}) LIMIT @most
            """,
            row => row.GetString(0),
            cancellationToken,
            values);
        return changed.Count > most || removed.Count > most ? null : new RecordChanges(RecordState.Write(epoch, next), total, changed, removed);
    }
}
