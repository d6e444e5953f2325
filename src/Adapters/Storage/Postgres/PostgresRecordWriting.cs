using System.Text;
using GeoWps.Adapters.Storage.Records;
using GeoWps.Domain.Records.Words;
using Npgsql;
using NpgsqlTypes;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Writes many records with few statements, in the transaction of whoever calls.</summary>
internal static class PostgresRecordWriting
{
    /// <summary>As many in one statement: a long text weighs a megabyte.</summary>
    private const int AtOnce = 200;

    private const string PutRecords =
        """
        INSERT INTO geowps.records AS r (record_id, source, local_id, version, type, title, title_key, title_length, created, updated, time_from, time_to, owner, title_words, words)
        SELECT i.record_id, i.source, i.local_id, i.version, i.type, i.title, i.title_key, i.title_length, i.created, i.updated, i.time_from, i.time_to, i.owner, i.title_words::tsvector, i.words::tsvector
        FROM unnest(@record_id, @source, @local_id, @version, @type, @title, @title_key, @title_length, @created, @updated, @from, @to, @owner, @title_words, @words)
            AS i (record_id, source, local_id, version, type, title, title_key, title_length, created, updated, time_from, time_to, owner, title_words, words)
        ON CONFLICT (record_id) DO UPDATE SET version = excluded.version, type = excluded.type, title = excluded.title, title_key = excluded.title_key, title_length = excluded.title_length,
            created = excluded.created, updated = excluded.updated, time_from = excluded.time_from, time_to = excluded.time_to, owner = excluded.owner,
            title_words = excluded.title_words, words = excluded.words
        RETURNING record_id, id
        """;

    private const string PutDocuments =
        """
        INSERT INTO geowps.record_documents (record, document, description, description_key, text, weights, row_title, row_all)
        SELECT * FROM unnest(@id, @document, @description, @key, @text, @weights, @row_title, @row_all)
        ON CONFLICT (record) DO UPDATE SET document = excluded.document, description = excluded.description, description_key = excluded.description_key, text = excluded.text,
            weights = excluded.weights, row_title = excluded.row_title, row_all = excluded.row_all
        """;

    private const string Clear =
        """
        WITH v AS (DELETE FROM geowps.record_values WHERE record = ANY(@id)), g AS (DELETE FROM geowps.record_geometries WHERE record = ANY(@id))
        DELETE FROM geowps.record_areas WHERE record = ANY(@id)
        """;

    private const string PutValues = "INSERT INTO geowps.record_values (record, name, value, key, number) SELECT * FROM unnest(@id, @name, @value, @key, @number)";

    private const string PutGeometries = "INSERT INTO geowps.record_geometries (record, geometry) SELECT * FROM unnest(@id, @geometry)";

    private const string PutAreas = "INSERT INTO geowps.record_areas (record, west, south, east, north) SELECT * FROM unnest(@id, @west, @south, @east, @north)";

    private const string PutCodes =
        """
        INSERT INTO geowps.facet_values (name, value)
        SELECT i.name, i.value FROM unnest(@name, @value) AS i (name, value) WHERE NOT EXISTS (SELECT 1 FROM geowps.facet_values c WHERE c.name = i.name AND c.value = i.value)
        ON CONFLICT DO NOTHING
        """;

    private const string FindCodes = "SELECT c.code, c.name, c.value FROM unnest(@name, @value) AS i (name, value) JOIN geowps.facet_values c ON c.name = i.name AND c.value = i.value";

    private const string PutCoded =
        """
        INSERT INTO geowps.record_facets (record, codes) SELECT * FROM unnest(@id, @codes)
        ON CONFLICT (record) DO UPDATE SET codes = excluded.codes
        """;

    /// <summary>The numbers of all values that are counted. Not within the transaction: who gives a value its number keeps nobody waiting who has the same value.</summary>
    public static async Task<IReadOnlyDictionary<(string Name, string Value), int>> CodesAsync(NpgsqlConnection connection, IReadOnlyList<RecordRow> rows, CancellationToken cancellationToken)
    {
        (string Name, string Value)[] values = [.. rows.SelectMany(CountedOf).Distinct()];
        (string, Array)[] parameters = [("@name", Array.ConvertAll(values, value => value.Name)), ("@value", Array.ConvertAll(values, value => value.Value))];
        await RunAsync(connection, PutCodes, cancellationToken, parameters);
        await using var command = Command(connection, FindCodes, parameters);
        await using var found = await command.ExecuteReaderAsync(cancellationToken);
        var codes = new Dictionary<(string, string), int>();
        while (await found.ReadAsync(cancellationToken))
        {
            codes.Add((found.GetString(1), found.GetString(2)), found.GetInt32(0));
        }

        return codes;
    }

    private static IEnumerable<(string Name, string Value)> CountedOf(RecordRow row) =>
        row.Values.Where(value => RecordFacets.Has(value.Name)).Select(value => (Storable(value.Name)!, Storable(value.Value)!)).Distinct();

    /// <param name="codes">Of <see cref="CodesAsync"/>.</param>
    /// <param name="rows">By id: two who write the same records then wait for each other in turn, never each for the other.</param>
    public static async Task PutAsync(
        NpgsqlConnection connection, IReadOnlyList<RecordRow> rows, IReadOnlyDictionary<(string Name, string Value), int> codes, CancellationToken cancellationToken)
    {
        foreach (var some in rows.Chunk(AtOnce))
        {
            var ids = await PutRecordsAsync(connection, some, cancellationToken);
            await RunAsync(
                connection,
                PutDocuments,
                cancellationToken,
                ("@id", ids),
                ("@document", Texts(some, row => row.Document)),
                ("@description", Texts(some, row => row.Description)),
                ("@key", Texts(some, row => row.DescriptionKey)),
                ("@text", Texts(some, row => row.Text)),
                ("@weights", Array.ConvertAll(some, row => row.Words.Weights)),
                ("@row_title", Texts(some, row => $" {row.Words.Title} ")),
                ("@row_all", Texts(some, RowOf)));
            await RunAsync(connection, Clear, cancellationToken, ("@id", ids));
            await RunAsync(connection, PutCoded, cancellationToken, ("@id", ids), ("@codes", Array.ConvertAll(some, row => string.Join(' ', CountedOf(row).Select(value => codes[value]).Order()))));
            (long Id, RecordValue Value)[] values = [.. some.SelectMany((row, i) => row.Values.Select(value => (ids[i], value)))];
            await RunAsync(
                connection,
                PutValues,
                cancellationToken,
                ("@id", Array.ConvertAll(values, one => one.Id)),
                ("@name", Texts(values, one => one.Value.Name)),
                ("@value", Texts(values, one => one.Value.Value)),
                ("@key", Texts(values, one => one.Value.Key)),
                ("@number", Array.ConvertAll(values, one => one.Value.Number)));
            (long Id, string Geometry)[] geometries = [.. some.Select((row, i) => (ids[i], row.Record.GeometryJson!)).Where(one => one.Item2 is { Length: > 0 })];
            await RunAsync(connection, PutGeometries, cancellationToken, ("@id", Array.ConvertAll(geometries, one => one.Id)), ("@geometry", Texts(geometries, one => one.Geometry)));
            (long Id, Domain.Spatial.Extent Area)[] areas = [.. some.SelectMany((row, i) => row.Areas.Select(area => (ids[i], area)))];
            await RunAsync(
                connection,
                PutAreas,
                cancellationToken,
                ("@id", Array.ConvertAll(areas, one => one.Id)),
                ("@west", Array.ConvertAll(areas, one => one.Area.MinX)),
                ("@south", Array.ConvertAll(areas, one => one.Area.MinY)),
                ("@east", Array.ConvertAll(areas, one => one.Area.MaxX)),
                ("@north", Array.ConvertAll(areas, one => one.Area.MaxY)));
        }
    }

    /// <summary>Words are letters and digits: nothing in them has to be escaped.</summary>
    private static string Vector(IEnumerable<string> words) => string.Join(' ', words.Select(word => $"'{word}'"));

    private static string RowOf(RecordRow row) => $" {row.Words.Title} {IndexedRecord.Gap} {row.Words.Keywords} {IndexedRecord.Gap} {row.Words.Description} {IndexedRecord.Gap} {row.Words.Text} ";

    private static async Task<long[]> PutRecordsAsync(NpgsqlConnection connection, RecordRow[] rows, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            PutRecords,
            ("@record_id", Texts(rows, row => row.Record.Id)),
            ("@source", Texts(rows, row => row.Record.Source)),
            ("@local_id", Texts(rows, row => row.Record.LocalId)),
            ("@version", Texts(rows, row => row.Record.Version)),
            ("@type", Texts(rows, row => row.Record.Type)),
            ("@title", Texts(rows, row => row.Title)),
            ("@title_key", Texts(rows, row => row.TitleKey)),
            ("@title_length", Array.ConvertAll(rows, row => row.Words.TitleLength)),
            ("@created", Array.ConvertAll(rows, row => row.Created)),
            ("@updated", Array.ConvertAll(rows, row => row.Updated)),
            ("@from", Array.ConvertAll(rows, row => row.From)),
            ("@to", Array.ConvertAll(rows, row => row.To)),
            ("@owner", Texts(rows, row => row.Record.Owner)),
            ("@title_words", Texts(rows, row => Vector(row.Words.Title.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)))),
            ("@words", Texts(rows, row => Vector(row.Words.Different))));
        await using var found = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new Dictionary<string, long>(rows.Length, StringComparer.Ordinal);
        while (await found.ReadAsync(cancellationToken))
        {
            ids.Add(found.GetString(0), found.GetInt64(1));
        }

        return Array.ConvertAll(rows, row => ids[Storable(row.Record.Id)!]);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params (string Name, Array Values)[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params (string Name, Array Values)[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, list) in values)
        {
            command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | TypeOf(list)) { Value = list });
        }

        return command;
    }

    private static NpgsqlDbType TypeOf(Array values) => values switch
    {
        string?[] => NpgsqlDbType.Text,
        byte[][] => NpgsqlDbType.Bytea,
        long[] or long?[] => NpgsqlDbType.Bigint,
        int[] => NpgsqlDbType.Integer,
        double[] or double?[] => NpgsqlDbType.Double,
        _ => throw new NotSupportedException(values.GetType().Name),
    };

    private static string?[] Texts<T>(T[] rows, Func<T, string?> text) => Array.ConvertAll(rows, row => Storable(text(row)));

    // PostgreSQL has no text with a NUL, nor with half a character.
    private static string? Storable(string? text) => text is null ? null
        : text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') >= 0 ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd')
        : text.Replace('\0', '\ufffd');
}
