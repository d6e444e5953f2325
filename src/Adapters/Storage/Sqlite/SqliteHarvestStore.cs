using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Sources of one node.</summary>
internal sealed class SqliteHarvestStore(SqliteDatabase database) : IHarvestStore
{
    private const bool Durable = true;

    private const string Add = "INSERT INTO harvest_sources (id, kind, cron, settings, updated) VALUES (@id, @kind, @cron, @settings, @updated) ON CONFLICT (id) DO NOTHING";

    private const string Replace = "UPDATE harvest_sources SET kind = @kind, cron = @cron, settings = @settings, updated = @updated WHERE id = @id";

    public Task<IReadOnlyList<HarvestSource>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<HarvestSource>>(
        session => session.All($"SELECT {HarvestRow.Columns} FROM harvest_sources ORDER BY id", HarvestRow.Read), cancellationToken);

    public Task<HarvestSource?> FindAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.All($"SELECT {HarvestRow.Columns} FROM harvest_sources WHERE id = @id", HarvestRow.Read, ("@id", id)).FirstOrDefault(), cancellationToken);

    public Task<bool> TryAddAsync(HarvestSource source, CancellationToken cancellationToken) =>
        database.WriteAsync(Durable, session => session.Execute(Add, HarvestRow.ValuesOf(source)) > 0, cancellationToken);

    public Task<bool> PutAsync(HarvestSource source, CancellationToken cancellationToken) => database.WriteAsync(
        Durable, session => session.Execute(Replace, HarvestRow.ValuesOf(source)) == 0 && session.Execute(Add, HarvestRow.ValuesOf(source)) > 0, cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(Durable, session => session.Execute("DELETE FROM harvest_sources WHERE id = @id", ("@id", id)) > 0, cancellationToken);

    public Task NoteAsync(string id, HarvestState state, CancellationToken cancellationToken) => database.WriteAsync(
        Durable, session => session.Execute("UPDATE harvest_sources SET state = @state WHERE id = @id", ("@id", id), ("@state", HarvestRow.TextOf(state))), cancellationToken);
}
