using System.Runtime.CompilerServices;
using GeoWps.Adapters.Storage.Records;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Domain.Records;
using Microsoft.Extensions.Options;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Records of all nodes.</summary>
internal sealed class PostgresRecordStore(PostgresDatabase database, IOptions<RecordsOptions> options) : IRecordStore
{
    private const int VersionsAtOnce = 5_000;

    // Statistics lag behind: of a source that has just come the database believes that it is small, and would read a table, or sort all that is left of a source, for each piece.
    private const string ByKeys = "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off";

    private readonly int _maxText = options.Value.MaxTextKb * 1024;
    private readonly int _keptRemovals = options.Value.KeptRemovals;

    public async Task PutAsync(IReadOnlyCollection<CatalogueRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
        {
            return;
        }

        var rows = await Task.Run(() => SqliteRecordStore.Rows(records, _maxText, cancellationToken), cancellationToken);
        var codes = await database.RunAsync(connection => PostgresRecordWriting.CodesAsync(connection, rows, cancellationToken), mayRepeat: true, cancellationToken);
        await ByKeysAsync(
            async connection =>
            {
                await PostgresRecordWriting.PutAsync(connection, rows, codes, cancellationToken);
                return true;
            },
            mayRepeat: true,
            cancellationToken);
    }

    public Task<int> RemoveAsync(string source, IReadOnlyCollection<string> localIds, CancellationToken cancellationToken) => RemoveAsync(
        "DELETE FROM geowps.records WHERE source = @source AND local_id = ANY(@ids)", mayRepeat: false, cancellationToken, ("@source", source), ("@ids", localIds.ToArray()));

    public Task RemoveAllAsync(string source, CancellationToken cancellationToken) =>
        RemoveAsync("DELETE FROM geowps.records WHERE source = @source", mayRepeat: true, cancellationToken, ("@source", source));

    public Task<CatalogueRecord?> FindAsync(string id, CancellationToken cancellationToken) => database.FirstAsync(
        "SELECT d.document, d.text FROM geowps.records r JOIN geowps.record_documents d ON d.record = r.id WHERE r.record_id = @id",
        row => StoredRecord.Read(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)),
        mayRepeat: true,
        cancellationToken,
        ("@id", id));

    public async IAsyncEnumerable<(string LocalId, string? Version)> VersionsAsync(string source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = ""; ;)
        {
            var last = after;
            var some = await ByKeysAsync(
                connection => PostgresDatabase.AllAsync(
                    connection,
                    "SELECT local_id, version FROM geowps.records WHERE source = @source AND local_id > @after ORDER BY local_id LIMIT @most",
                    row => (LocalId: row.GetString(0), Version: row.IsDBNull(1) ? null : row.GetString(1)),
                    cancellationToken,
                    ("@source", source),
                    ("@after", last),
                    ("@most", VersionsAtOnce)),
                mayRepeat: true,
                cancellationToken);
            foreach (var one in some)
            {
                yield return one;
            }

            if (some.Count < VersionsAtOnce)
            {
                yield break;
            }

            after = some[^1].LocalId;
        }
    }

    public Task<RecordPage> SearchAsync(RecordQuery query, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            // All of a page is of one state.
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            var page = await new PostgresRecordSearch(connection, query, options.Value.FacetValues, cancellationToken).RunAsync();
            await transaction.CommitAsync(cancellationToken);
            return page;
        },
        mayRepeat: true,
        cancellationToken);

    public Task<RecordChanges?> ChangesAsync(RecordQuery caller, string? since, int most, CancellationToken cancellationToken) =>
        database.RunAsync(connection => PostgresRecordChanges.ReadAsync(connection, caller, since, most, cancellationToken), mayRepeat: true, cancellationToken);

    private async Task<int> RemoveAsync(string sql, bool mayRepeat, CancellationToken cancellationToken, params (string Name, object? Value)[] values)
    {
        var removed = await ByKeysAsync(
            async connection =>
            {
                await using var command = PostgresDatabase.Command(connection, sql, values);
                return await command.ExecuteNonQueryAsync(cancellationToken);
            },
            mayRepeat,
            cancellationToken);
        await database.ExecuteAsync(PostgresRecordChanges.Forget, mayRepeat: true, cancellationToken, ("@kept", _keptRemovals));
        return removed;
    }

    /// <summary>In a transaction that follows the indexes of keys, whatever the database believes of its tables.</summary>
    private Task<T> ByKeysAsync<T>(Func<NpgsqlConnection, Task<T>> work, bool mayRepeat, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var byKeys = new NpgsqlCommand(ByKeys, connection))
            {
                await byKeys.ExecuteNonQueryAsync(cancellationToken);
            }

            var result = await work(connection);
            await transaction.CommitAsync(cancellationToken);
            return result;
        },
        mayRepeat,
        cancellationToken);
}
