using System.Security.Cryptography;
using System.Text;
using GeoWps.Adapters.Storage.Records;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Writes of records, each in the transaction of whoever calls.</summary>
internal static class RecordWriting
{
    /// <summary>In the column <c>owner</c> of what somebody in particular has.</summary>
    public const string Private = "private";

    private const int TitleShift = 40;
    private const long NumberMask = (1L << TitleShift) - 1;
    private const int MaxTitle = 4_095;
    private const int AreasShift = 5;

    /// <summary>How an owner stands in the column <c>owner</c>.</summary>
    public static string OwnerWord(string owner) => "o" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(owner)).AsSpan(0, 12));

    public static int Put(SqliteSession session, List<RecordRow> rows)
    {
        BeginState(session);
        var next = session.Number("SELECT next FROM record_numbers")!.Value;
        var codes = new Dictionary<(string Name, string Value), long>();
        foreach (var row in rows)
        {
            Put(session, row, codes, ref next);
        }

        session.Execute("UPDATE record_numbers SET next = @next", ("@next", next));
        return rows.Count;
    }

    public static int Remove(SqliteSession session, string source, IReadOnlyCollection<string> localIds, int kept)
    {
        BeginState(session);
        var removed = 0;
        foreach (var localId in localIds)
        {
            if (session.Number("SELECT id FROM records WHERE source = @source AND local_id = @local", ("@source", source), ("@local", localId)) is { } id)
            {
                Clear(session, id);
                NoteRemoval(session, id);
                session.Execute("DELETE FROM records WHERE id = @id", ("@id", id));
                removed++;
            }
        }

        ForgetRemovals(session, kept);
        return removed;
    }

    public static int RemoveAll(SqliteSession session, string source, int kept)
    {
        BeginState(session);
        var ids = session.All("SELECT id FROM records WHERE source = @source", row => row.GetInt64(0), ("@source", source));
        foreach (var id in ids)
        {
            Clear(session, id);
            NoteRemoval(session, id);
        }

        ForgetRemovals(session, kept);
        return session.Execute("DELETE FROM records WHERE source = @source", ("@source", source));
    }

    private static void Put(SqliteSession session, RecordRow row, Dictionary<(string Name, string Value), long> codes, ref long next)
    {
        var titleBits = (long)Math.Min(row.Words.TitleLength, MaxTitle) << TitleShift;
        long id;
        if (session.Number("SELECT id FROM records WHERE record_id = @id", ("@id", row.Record.Id)) is { } known)
        {
            // Its number stays: where many fit alike, it stays in its place.
            id = titleBits | (known & NumberMask);
            Clear(session, known);
            if (session.Number("SELECT 1 FROM records WHERE id = @id AND owner IS NOT @owner", ("@id", known), ("@owner", row.Record.Owner)) is not null)
            {
                // For those who saw it before and do not any more, it is gone.
                NoteRemoval(session, known);
            }

            session.Execute("DELETE FROM records WHERE id = @id", ("@id", known));
        }
        else
        {
            id = titleBits | next++;
        }

        var record = row.Record;
        session.Execute(
            """
            INSERT INTO records (id, record_id, source, local_id, version, type, title, title_key, created, updated, time_from, time_to, owner, changed)
            VALUES (@id, @record_id, @source, @local_id, @version, @type, @title, @title_key, @created, @updated, @from, @to, @owner, (SELECT number FROM record_states))
            """,
            ("@id", id),
            ("@record_id", record.Id),
            ("@source", record.Source),
            ("@local_id", record.LocalId),
            ("@version", record.Version),
            ("@type", record.Type),
            ("@title", row.Title),
            ("@title_key", row.TitleKey),
            ("@created", row.Created),
            ("@updated", row.Updated),
            ("@from", row.From),
            ("@to", row.To),
            ("@owner", record.Owner));
        session.Execute(
            "INSERT INTO record_documents (record, document, description, description_key, text) VALUES (@id, @document, @description, @key, @text)",
            ("@id", id),
            ("@document", row.Document),
            ("@description", row.Description),
            ("@key", row.DescriptionKey),
            ("@text", row.Text));
        session.Execute("INSERT INTO record_weights (record, record_id, weights) VALUES (@id, @record_id, @weights)", ("@id", id), ("@record_id", record.Id), ("@weights", row.Words.Weights));
        session.Execute(
            "INSERT INTO record_words (rowid, title, keywords, description, body, owner) VALUES (@id, @title, @keywords, @description, @body, @owner)",
            ("@id", id),
            ("@title", row.Words.Title),
            ("@keywords", row.Words.Keywords),
            ("@description", row.Words.Description),
            ("@body", row.Words.Text),
            ("@owner", record.Owner is { } owner ? $"{Private} {OwnerWord(owner)}" : ""));
        foreach (var value in row.Values)
        {
            session.Execute(
                "INSERT INTO record_values (record, name, value, key, number) VALUES (@id, @name, @value, @key, @number)",
                ("@id", id),
                ("@name", value.Name),
                ("@value", value.Value),
                ("@key", value.Key),
                ("@number", value.Number));
        }

        var coded = row.Values.Where(value => RecordFacets.Has(value.Name)).Select(value => CodeOf(session, value, codes));
        session.Execute("INSERT INTO record_facets (record, codes) VALUES (@id, @codes)", ("@id", id), ("@codes", string.Join(' ', coded)));
        if (record.GeometryJson is { Length: > 0 } geometry)
        {
            session.Execute("INSERT INTO record_geometries (record, geometry) VALUES (@id, @geometry)", ("@id", id), ("@geometry", geometry));
        }

        for (var i = 0; i < row.Areas.Count; i++)
        {
            var area = row.Areas[i];
            session.Execute(
                """
                INSERT INTO record_areas (id, min_x, max_x, min_y, max_y, record, west, east, south, north)
                VALUES (@area, @west, @east, @south, @north, @id, @west, @east, @south, @north)
                """,
                ("@area", AreaId(id) + i),
                ("@west", area.MinX),
                ("@east", area.MaxX),
                ("@south", area.MinY),
                ("@north", area.MaxY),
                ("@id", id));
        }
    }

    private static void BeginState(SqliteSession session) =>
        session.Execute("UPDATE record_states SET number = max(number + 1, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))");

    private static void NoteRemoval(SqliteSession session, long id) =>
        session.Execute("INSERT INTO record_removals (record_id, owner, changed) SELECT record_id, owner, (SELECT number FROM record_states) FROM records WHERE id = @id", ("@id", id));

    private static void ForgetRemovals(SqliteSession session, int kept)
    {
        if (session.Number("SELECT changed FROM record_removals ORDER BY changed DESC LIMIT 1 OFFSET @kept", ("@kept", kept)) is { } last)
        {
            session.Execute("DELETE FROM record_removals WHERE changed <= @last", ("@last", last));
            session.Execute("UPDATE record_states SET forgotten = @last", ("@last", last));
        }
    }

    /// <param name="known">What the same transaction has asked for already.</param>
    private static long CodeOf(SqliteSession session, RecordValue value, Dictionary<(string Name, string Value), long> known)
    {
        if (known.TryGetValue((value.Name, value.Value), out var code))
        {
            return code;
        }

        const string Find = "SELECT code FROM facet_values WHERE name = @name AND value = @value";
        if (session.Number(Find, ("@name", value.Name), ("@value", value.Value)) is not { } found)
        {
            session.Execute("INSERT INTO facet_values (name, value) VALUES (@name, @value)", ("@name", value.Name), ("@value", value.Value));
            found = session.Number(Find, ("@name", value.Name), ("@value", value.Value))!.Value;
        }

        known.Add((value.Name, value.Value), found);
        return found;
    }

    private static void Clear(SqliteSession session, long id)
    {
        session.Execute("DELETE FROM record_documents WHERE record = @id", ("@id", id));
        session.Execute("DELETE FROM record_weights WHERE record = @id", ("@id", id));
        session.Execute("DELETE FROM record_words WHERE rowid = @id", ("@id", id));
        session.Execute("DELETE FROM record_values WHERE record = @id", ("@id", id));
        session.Execute("DELETE FROM record_facets WHERE record = @id", ("@id", id));
        session.Execute("DELETE FROM record_geometries WHERE record = @id", ("@id", id));
        for (var i = 0; i < RecordRow.MaxAreas && session.Execute("DELETE FROM record_areas WHERE id = @area", ("@area", AreaId(id) + i)) > 0; i++)
        {
        }
    }

    private static long AreaId(long id) => (id & NumberMask) << AreasShift;
}
