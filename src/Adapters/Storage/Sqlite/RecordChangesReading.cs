using GeoWps.Adapters.Storage.Records;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Reads what has changed since a state, in one state of the database.</summary>
internal static class RecordChangesReading
{
    public static RecordChanges? Read(SqliteSession session, RecordQuery caller, string? since, int most)
    {
        session.Run("BEGIN");
        try
        {
            return ReadWithin(session, caller, since, most);
        }
        finally
        {
            session.Run("COMMIT");
        }
    }

    private static RecordChanges? ReadWithin(SqliteSession session, RecordQuery caller, string? since, int most)
    {
        var conditions = new RecordConditions("", _ => "", (_, _, _, _) => "");
        conditions.AddCaller(caller);
        (string Name, object? Value)[] values = [.. conditions.Values, ("@most", most + 1)];
        var state = session.All("SELECT epoch, number, forgotten FROM record_states", row => (Epoch: row.GetString(0), Next: row.GetInt64(1) + 1, Forgotten: row.GetInt64(2)))[0];
        var (now, total) = (RecordState.Write(state.Epoch, state.Next), session.Number($"SELECT count(*) FROM records r WHERE {conditions.Sql}", values.AsSpan(..^1))!.Value);
        if (since is null)
        {
            return new RecordChanges(now, total, [], []);
        }

        if (RecordState.Read(since, state.Epoch, state.Next, state.Forgotten) is not { } from)
        {
            return null;
        }

        values = [.. values, ("@from", from)];
        var changed = session.All(
            $"SELECT d.document FROM records r JOIN record_documents d ON d.record = r.id WHERE r.changed >= @from AND {conditions.Sql} LIMIT @most", row => StoredRecord.Read(row.GetString(0), null), values);
        var removed = session.All(
            $"""
            SELECT DISTINCT m.record_id FROM (SELECT * FROM record_removals r WHERE r.changed >= @from AND {conditions.Sql}) m
            WHERE NOT EXISTS (SELECT 1 FROM records r WHERE r.record_id = m.record_id AND {conditions.Sql}) LIMIT @most
            """,
            row => row.GetString(0),
            values);
        return changed.Count > most || removed.Count > most ? null : new RecordChanges(now, total, changed, removed);
    }
}
