using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Sources of one node.</summary>
internal sealed class SqliteHarvestStore(SqliteDatabase database) : IHarvestStore
{
    private const bool Durable = true;

    private const string Add = "INSERT INTO harvest_sources (id, kind, cron, settings, updated, max_removed) VALUES (@id, @kind, @cron, @settings, @updated, @maxRemoved) ON CONFLICT (id) DO NOTHING";

    private const string Replace = "UPDATE harvest_sources SET kind = @kind, cron = @cron, settings = @settings, updated = @updated, max_removed = @maxRemoved WHERE id = @id";

    // SQLite's own clock, in milliseconds.
    private const string Now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

    private const string Claim = $"UPDATE harvest_sources SET claimed_by = @job, claimed_until = {Now} + @lease WHERE id = @id AND (claimed_by IS NULL OR claimed_by = @job OR claimed_until < {Now})";

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

    public Task<HarvestClaim?> TryClaimAsync(string id, string job, TimeSpan lease, CancellationToken cancellationToken) => database.WriteAsync(
        Durable,
        session => session.Execute(Claim, ("@id", id), ("@job", job), ("@lease", (long)lease.TotalMilliseconds)) > 0
            ? null
            : session.All("SELECT claimed_by, claimed_until FROM harvest_sources WHERE id = @id", HarvestRow.ReadClaim, ("@id", id)).FirstOrDefault(),
        cancellationToken);

    public Task ReleaseAsync(string id, string job, CancellationToken cancellationToken) => database.WriteAsync(
        Durable, session => session.Execute("UPDATE harvest_sources SET claimed_by = NULL WHERE id = @id AND claimed_by = @job", ("@id", id), ("@job", job)), cancellationToken);
}
