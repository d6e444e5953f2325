using System.Text.Json;
using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Classification schemes of one node, beside its jobs.</summary>
internal sealed class SqliteSchemeStore(SqliteDatabase database) : ISchemeStore
{
    private const bool Durable = true;

    public Task PutAsync(ClassificationScheme scheme, CancellationToken cancellationToken) => database.WriteAsync(
        Durable,
        session => session.Execute(
            "INSERT INTO schemes (id, version, document) VALUES (@id, @version, @document) ON CONFLICT (id) DO UPDATE SET version = excluded.version, document = excluded.document",
            ("@id", scheme.Id),
            ("@version", Guid.NewGuid().ToString("N")),
            ("@document", StoredScheme.Write(scheme))),
        cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(Durable, session => session.Execute("DELETE FROM schemes WHERE id = @id", ("@id", id)) > 0, cancellationToken);

    public Task<IReadOnlyList<ClassificationScheme>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ClassificationScheme>>(
        session => session.All("SELECT document FROM schemes ORDER BY id", row => StoredScheme.Read(row.GetString(0))), cancellationToken);

    public async Task<string> VersionAsync(CancellationToken cancellationToken) =>
        string.Join(' ', await database.ReadAsync(session => session.All("SELECT version FROM schemes ORDER BY id", row => row.GetString(0)), cancellationToken));

    public Task AssignAsync(string recordId, IReadOnlyCollection<Classification> codes, CancellationToken cancellationToken) => database.WriteAsync(
        Durable,
        session => codes.Count == 0
            ? session.Execute("DELETE FROM record_codes WHERE record_id = @id", ("@id", recordId))
            : session.Execute(
                "INSERT INTO record_codes (record_id, codes) VALUES (@id, @codes) ON CONFLICT (record_id) DO UPDATE SET codes = excluded.codes",
                ("@id", recordId),
                ("@codes", StoredScheme.WriteCodes(codes))),
        cancellationToken);

    public Task<IReadOnlyDictionary<string, IReadOnlyList<Classification>>> AssignedAsync(IReadOnlyCollection<string> recordIds, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<string, IReadOnlyList<Classification>>>(
            session => session.All(
                "SELECT record_id, codes FROM record_codes WHERE record_id IN (SELECT value FROM json_each(@ids))",
                row => KeyValuePair.Create(row.GetString(0), StoredScheme.ReadCodes(row.GetString(1))),
                ("@ids", JsonSerializer.Serialize([.. recordIds], StoredJsonTexts.Default.StringArray))).ToDictionary(StringComparer.Ordinal),
            cancellationToken);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class StoredJsonTexts : System.Text.Json.Serialization.JsonSerializerContext;
