using System.Runtime.CompilerServices;
using GeoWps.Adapters.Storage.Records;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Domain.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Records of one node, in a database file of their own: who writes many of them keeps no job waiting, and readers wait for nobody.</summary>
internal sealed class SqliteRecordStore(SqliteRecordsDatabase database, IOptions<RecordsOptions> options) : IRecordStore
{
    private const int VersionsAtOnce = 1_000;

    private readonly int _maxText = options.Value.MaxTextKb * 1024;
    private readonly int _keptRemovals = options.Value.KeptRemovals;

    // Not flushed to disk each time: what a power cut takes, its source has, and the next look at it brings it back.
    private const bool Durable = false;

    public async Task PutAsync(IReadOnlyCollection<CatalogueRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
        {
            return;
        }

        var rows = await Task.Run(() => Rows(records, _maxText, cancellationToken), cancellationToken);
        await database.File.WriteAsync(Durable, session => RecordWriting.Put(session, rows), cancellationToken);
    }

    public Task<int> RemoveAsync(string source, IReadOnlyCollection<string> localIds, CancellationToken cancellationToken) =>
        database.File.WriteAsync(Durable, session => RecordWriting.Remove(session, source, localIds, _keptRemovals), cancellationToken);

    public Task RemoveAllAsync(string source, CancellationToken cancellationToken) =>
        database.File.WriteAsync(Durable, session => RecordWriting.RemoveAll(session, source, _keptRemovals), cancellationToken);

    public Task<CatalogueRecord?> FindAsync(string id, CancellationToken cancellationToken) => database.File.ReadAsync(
        session => session.First(
            "SELECT d.document, d.text FROM records r JOIN record_documents d ON d.record = r.id WHERE r.record_id = @id",
            row => StoredRecord.Read(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)),
            ("@id", id)),
        cancellationToken);

    public async IAsyncEnumerable<(string LocalId, string? Version)> VersionsAsync(string source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // In pieces: a reader that is held for an hour keeps the file from being tidied.
        for (string? after = null; ;)
        {
            var last = after;
            var some = await database.File.ReadAsync(
                session => session.All(
                    "SELECT local_id, version FROM records WHERE source = @source AND local_id > @after ORDER BY local_id LIMIT @most",
                    row => (LocalId: row.GetString(0), Version: row.IsDBNull(1) ? null : row.GetString(1)),
                    ("@source", source),
                    ("@after", last ?? ""),
                    ("@most", VersionsAtOnce)),
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

    public Task<RecordPage> SearchAsync(RecordQuery query, CancellationToken cancellationToken) =>
        database.File.ReadAsync(session => new RecordSearch(session, query, options.Value.FacetValues).Run(), cancellationToken);

    public Task<RecordChanges?> ChangesAsync(RecordQuery caller, string? since, int most, CancellationToken cancellationToken) =>
        database.File.ReadAsync(session => RecordChangesReading.Read(session, caller, since, most), cancellationToken);

    internal static List<RecordRow> Rows(IReadOnlyCollection<CatalogueRecord> records, int maxText, CancellationToken cancellationToken)
    {
        var rows = new List<RecordRow>(records.Count);

        // The last of the same id counts, as if they had come one after the other.
        foreach (var record in records.Reverse().DistinctBy(record => record.Id).OrderBy(record => record.Id, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Add(new RecordRow(record, maxText));
        }

        return rows;
    }
}

/// <summary>The file of records.</summary>
internal sealed class SqliteRecordsDatabase(SqliteDatabase file) : IDisposable
{
    /// <summary>The ending of its schema's scripts among the resources of this assembly.</summary>
    public const string Schema = ".records";

    public SqliteDatabase File { get; } = file;

    /// <summary>LIKE has a case here, as in PostgreSQL; what is read often is read where the system keeps it.</summary>
    public static SqliteDatabase Open(string path, ILogger logger) => new(path, logger, Schema, "PRAGMA case_sensitive_like = ON; PRAGMA mmap_size = 1073741824;");

    public void Dispose() => File.Dispose();
}
