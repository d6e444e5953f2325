using System.Runtime.CompilerServices;
using GeoWps.Adapters.Storage.Records;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Domain.Records;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Records of all nodes.</summary>
internal sealed class PostgresRecordStore(PostgresDatabase database, IOptions<RecordsOptions> options) : IRecordStore
{
    private const int VersionsAtOnce = 5_000;

    private readonly int _maxText = options.Value.MaxTextKb * 1024;
    private readonly int _keptRemovals = options.Value.KeptRemovals;

    public async Task PutAsync(IReadOnlyCollection<CatalogueRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
        {
            return;
        }

        var rows = await Task.Run(() => SqliteRecordStore.Rows(records, _maxText, cancellationToken), cancellationToken);
        await database.RunAsync(
            async connection =>
            {
                var codes = await PostgresRecordWriting.CodesAsync(connection, rows, cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await PostgresRecordWriting.PutAsync(connection, rows, codes, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return true;
            },
            mayRepeat: true,
            cancellationToken);
    }

    public async Task<int> RemoveAsync(string source, IReadOnlyCollection<string> localIds, CancellationToken cancellationToken)
    {
        var removed = await database.ExecuteAsync(
            "DELETE FROM geowps.records WHERE source = @source AND local_id = ANY(@ids)", mayRepeat: false, cancellationToken, ("@source", source), ("@ids", localIds.ToArray()));
        await ForgetAsync(cancellationToken);
        return removed;
    }

    public async Task RemoveAllAsync(string source, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("DELETE FROM geowps.records WHERE source = @source", mayRepeat: true, cancellationToken, ("@source", source));
        await ForgetAsync(cancellationToken);
    }

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
            var some = await database.AllAsync(
                "SELECT local_id, version FROM geowps.records WHERE source = @source AND local_id > @after ORDER BY local_id LIMIT @most",
                row => (LocalId: row.GetString(0), Version: row.IsDBNull(1) ? null : row.GetString(1)),
                mayRepeat: true,
                cancellationToken,
                ("@source", source),
                ("@after", after),
                ("@most", VersionsAtOnce));
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

    private Task<int> ForgetAsync(CancellationToken cancellationToken) => database.ExecuteAsync(PostgresRecordChanges.Forget, mayRepeat: true, cancellationToken, ("@kept", _keptRemovals));
}
