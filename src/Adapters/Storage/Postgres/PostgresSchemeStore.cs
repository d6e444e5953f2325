using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Classification schemes of all nodes.</summary>
internal sealed class PostgresSchemeStore(PostgresDatabase database) : ISchemeStore
{
    private const bool Repeat = true;
    private const bool Once = false;

    public Task PutAsync(ClassificationScheme scheme, CancellationToken cancellationToken) => database.ExecuteAsync(
        "INSERT INTO geowps.schemes (id, version, document) VALUES (@id, @version, @document) ON CONFLICT (id) DO UPDATE SET version = excluded.version, document = excluded.document",
        Repeat,
        cancellationToken,
        ("@id", scheme.Id),
        ("@version", Guid.NewGuid().ToString("N")),
        ("@document", StoredScheme.Write(scheme)));

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync("DELETE FROM geowps.schemes WHERE id = @id", Once, cancellationToken, ("@id", id)) > 0;

    public async Task<IReadOnlyList<ClassificationScheme>> ListAsync(CancellationToken cancellationToken) =>
        await database.AllAsync("SELECT document FROM geowps.schemes ORDER BY id", row => StoredScheme.Read(row.GetString(0)), Repeat, cancellationToken);

    public async Task<string> VersionAsync(CancellationToken cancellationToken) =>
        string.Join(' ', await database.AllAsync("SELECT version FROM geowps.schemes ORDER BY id", row => row.GetString(0), Repeat, cancellationToken));

    public Task AssignAsync(string recordId, IReadOnlyCollection<Classification> codes, CancellationToken cancellationToken) => codes.Count == 0
        ? database.ExecuteAsync("DELETE FROM geowps.record_codes WHERE record_id = @id", Repeat, cancellationToken, ("@id", recordId))
        : database.ExecuteAsync(
            "INSERT INTO geowps.record_codes (record_id, codes) VALUES (@id, @codes) ON CONFLICT (record_id) DO UPDATE SET codes = excluded.codes",
            Repeat,
            cancellationToken,
            ("@id", recordId),
            ("@codes", StoredScheme.WriteCodes(codes)));

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<Classification>>> AssignedAsync(IReadOnlyCollection<string> recordIds, CancellationToken cancellationToken) =>
        (await database.AllAsync(
            "SELECT record_id, codes FROM geowps.record_codes WHERE record_id = ANY(@ids)",
            row => KeyValuePair.Create(row.GetString(0), StoredScheme.ReadCodes(row.GetString(1))),
            Repeat,
            cancellationToken,
            ("@ids", recordIds.ToArray()))).ToDictionary(StringComparer.Ordinal);
}
