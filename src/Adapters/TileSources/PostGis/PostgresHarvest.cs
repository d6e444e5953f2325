using System.Data;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Npgsql;
using NpgsqlTypes;

namespace GeoWps.Adapters.TileSources.PostGis;

/// <summary>
/// Sources of the kind <c>postgresql</c>: rows of a table or query of a named connection. The database sorts keys and versions (a column, or a digest of the row);
/// whole rows come only of those that are new or changed.
/// </summary>
internal sealed class PostgresHarvest(PostGisDatabases databases, RowDocuments documents) : IHarvestReader, IDocumentReader
{
    private const string Connection = "connection";
    private const string From = "from";

    /// <summary>A column that is another whenever the row is.</summary>
    private const string Updated = "updated";

    public string Kind => "postgresql";

    public IReadOnlyList<string> Settings { get; } = [Connection, From, Updated, RecordFields.Setting, RecordFields.TypeSetting, RecordFields.SchemeSetting, .. RowDocuments.Settings];

    public int Form => 1;

    public void Check(JsonElement settings, List<Mistake> mistakes)
    {
        RecordFields.Read(settings, required: true, mistakes);
        if (databases.Find(Text(settings, Connection) ?? "") is null)
        {
            mistakes.Add(new Mistake(Connection, $"must be one of Sources:Connections: {string.Join(", ", databases.Names)}"));
        }

        if (!PostGisFrom.TryParse(Text(settings, From) ?? "", out _))
        {
            mistakes.Add(new Mistake(From, "must be a table (name, or schema.name), or one query in brackets"));
        }

        if (settings.TryGetProperty(Updated, out _) && Text(settings, Updated) is not { Length: > 0 })
        {
            mistakes.Add(new Mistake(Updated, "must be the name of a column"));
        }

        documents.Check(settings, mistakes);
    }

    public Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken)
    {
        var (settings, mistakes) = (wish.Settings, new List<Mistake>());
        Check(settings, mistakes);
        if (mistakes.Count > 0)
        {
            throw new HarvestException(string.Join("; ", mistakes));
        }

        var fields = RecordFields.Read(settings, required: true, mistakes)!;
        PostGisFrom.TryParse(Text(settings, From)!, out var from);
        var database = databases.Find(Text(settings, Connection)!)!;
        var key = $"s.{PostGisFrom.Quote(fields.IdColumn)}::text";
        var version = Text(settings, Updated) is { } updated ? $"coalesce(s.{PostGisFrom.Quote(updated)}::text, '')" : "md5(s::text)";
        var hasDocument = RowDocuments.ColumnOf(settings) is { } document ? $"coalesce({(RowDocuments.IsContent(settings) ? $"octet_length(s.{PostGisFrom.Quote(document)})" : $"length(s.{PostGisFrom.Quote(document)}::text)")} > 0, false)" : "true";
        return Task.FromResult<HarvestReading>(new HarvestReading.Sorted(
            VersionsAsync(database, $"SELECT {key} COLLATE \"C\" AS k, {version} AS v FROM {from!.Sql} AS s ORDER BY 1", cancellationToken),
            (keys, token) => FetchAsync(
                database,
                $"SELECT {version}{string.Concat(fields.Columns.Select(column => $", s.{PostGisFrom.Quote(column)}::text"))}, {hasDocument} FROM {from.Sql} AS s JOIN unnest($1::text[]) AS w(k) ON w.k = {key}",
                keys,
                wish.Source.Id,
                fields,
                token)));
    }

    public bool Has(JsonElement settings, CatalogueRecord record) => RowDocuments.ColumnOf(settings) is not null && !record.LacksDocument;

    public async Task<DocumentOpening> OpenAsync(DocumentWish wish, CancellationToken cancellationToken)
    {
        var settings = wish.Settings;
        if (RowDocuments.ColumnOf(settings) is not { } column || RecordFields.Read(settings, required: true, []) is not { } fields || databases.Find(Text(settings, Connection)!) is not { } database
            || !PostGisFrom.TryParse(Text(settings, From)!, out var from))
        {
            return new DocumentOpening.Gone();
        }

        var (value, isContent) = ($"s.{PostGisFrom.Quote(column)}", RowDocuments.IsContent(settings));
        var sql = $"SELECT {(isContent ? $"octet_length({value}), {value}" : $"0, {value}::text")} FROM {from.Sql} AS s WHERE s.{PostGisFrom.Quote(fields.IdColumn)} = $1 AND {value} IS NOT NULL LIMIT 1";

        // Of no type: the server takes it for one of the column's, and finds it by its index.
        var id = new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = wish.Record.LocalId };
        Rows? rows = null;
        try
        {
            rows = await RowsAsync(database, sql, id, cancellationToken, CommandBehavior.SequentialAccess);
            if (!await rows.ReadAsync(cancellationToken) || rows.Reader.GetInt32(0) is var length && isContent && length == 0)
            {
                return new DocumentOpening.Gone();
            }

            if (!isContent)
            {
                return await documents.OpenAsync(wish, rows.Reader.GetString(1), cancellationToken);
            }

            var document = new SourceDocument(await rows.Reader.GetStreamAsync(1, cancellationToken), "", rows) { Length = length };
            rows = null;
            return new DocumentOpening.Opened(document);
        }
        catch (HarvestException failure) when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.InvalidTextRepresentation or PostgresErrorCodes.NumericValueOutOfRange })
        {
            // No id of this column.
            return new DocumentOpening.Gone();
        }
        finally
        {
            await (rows?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static async IAsyncEnumerable<(string Key, string Version)> VersionsAsync(NpgsqlDataSource database, string sql, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var rows = await RowsAsync(database, sql, null, cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            yield return rows.Reader.IsDBNull(0) ? throw new HarvestException("a row has no id") : (rows.Reader.GetString(0), rows.Reader.GetString(1));
        }
    }

    private static async IAsyncEnumerable<CatalogueRecord> FetchAsync(
        NpgsqlDataSource database, string sql, IReadOnlyList<string> keys, string source, RecordFields fields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var places = fields.Columns.Select((column, i) => KeyValuePair.Create(column, i + 1)).ToDictionary(StringComparer.Ordinal);
        await using var rows = await RowsAsync(database, sql, new NpgsqlParameter { Value = keys.ToArray() }, cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var reader = rows.Reader;
            if (fields.Make(source, reader.GetString(0), column => places.TryGetValue(column, out var place) && !reader.IsDBNull(place) ? reader.GetString(place) : null) is { } record)
            {
                yield return record with { LacksDocument = !reader.GetBoolean(fields.Columns.Count + 1) };
            }
        }
    }

    /// <summary>Rows of one statement that can't write. It has no end of its own: a sort of millions takes what it takes, and the job can be called off.</summary>
    private static async Task<Rows> RowsAsync(
        NpgsqlDataSource database, string sql, NpgsqlParameter? value, CancellationToken cancellationToken, CommandBehavior behaviour = CommandBehavior.Default)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await database.OpenConnectionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection) { Timeout = 0, BatchCommands = { new NpgsqlBatchCommand("BEGIN READ ONLY") } };
            var statement = new NpgsqlBatchCommand(sql);
            if (value is not null)
            {
                statement.Parameters.Add(value);
            }

            batch.BatchCommands.Add(statement);
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
            return new Rows(connection, await batch.ExecuteReaderAsync(behaviour, cancellationToken));
        }
        catch (Exception failure)
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw Told(failure, cancellationToken) ?? failure;
        }
    }

    private static HarvestException? Told(Exception failure, CancellationToken cancellationToken) =>
        PostGisFailures.IsOfDatabase(failure) && !cancellationToken.IsCancellationRequested ? new HarvestException(PostGisFailures.Told(failure, TimeSpan.Zero).Message, failure) : null;

    private static string? Text(JsonElement settings, string name) => settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed class Rows(NpgsqlConnection connection, NpgsqlDataReader reader) : IAsyncDisposable
    {
        public NpgsqlDataReader Reader => reader;

        public async Task<bool> ReadAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await reader.ReadAsync(cancellationToken);
            }
            catch (Exception failure) when (Told(failure, cancellationToken) is { } told)
            {
                throw told;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await reader.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
