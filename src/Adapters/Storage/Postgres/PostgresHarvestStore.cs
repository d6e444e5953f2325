using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Sources of all nodes.</summary>
internal sealed class PostgresHarvestStore(PostgresDatabase database) : IHarvestStore
{
    private const bool Repeat = true;
    private const bool Once = false;

    private const string Insert = "INSERT INTO geowps.harvest_sources AS old (id, kind, cron, settings, updated, max_removed) VALUES (@id, @kind, @cron, @settings, @updated, @maxRemoved) ON CONFLICT (id)";

    private const string Now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    private const string Claim =
        $"UPDATE geowps.harvest_sources SET claimed_by = @job, claimed_until = {Now} + @lease WHERE id = @id AND (claimed_by IS NULL OR claimed_by = @job OR claimed_until < {Now})";

    public async Task<IReadOnlyList<HarvestSource>> ListAsync(CancellationToken cancellationToken) =>
        await database.AllAsync($"SELECT {HarvestRow.Columns} FROM geowps.harvest_sources ORDER BY id", HarvestRow.Read, Repeat, cancellationToken);

    public Task<HarvestSource?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync($"SELECT {HarvestRow.Columns} FROM geowps.harvest_sources WHERE id = @id", HarvestRow.Read, Repeat, cancellationToken, ("@id", id));

    public async Task<bool> TryAddAsync(HarvestSource source, CancellationToken cancellationToken) =>
        await database.ExecuteAsync($"{Insert} DO NOTHING", Once, cancellationToken, HarvestRow.ValuesOf(source)) > 0;

    // In one statement, which tells by its key whether it was an insertion.
    public async Task<bool> PutAsync(HarvestSource source, CancellationToken cancellationToken) => (bool)(await database.ValueAsync(
        $"{Insert} DO UPDATE SET kind = excluded.kind, cron = excluded.cron, settings = excluded.settings, updated = excluded.updated, max_removed = excluded.max_removed RETURNING old.xmax = 0", Once, cancellationToken, HarvestRow.ValuesOf(source)))!;

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync("DELETE FROM geowps.harvest_sources WHERE id = @id", Once, cancellationToken, ("@id", id)) > 0;

    public Task NoteAsync(string id, HarvestState state, CancellationToken cancellationToken) => database.ExecuteAsync(
        "UPDATE geowps.harvest_sources SET state = @state WHERE id = @id", Repeat, cancellationToken, ("@id", id), ("@state", HarvestRow.TextOf(state)));

    public async Task<HarvestClaim?> TryClaimAsync(string id, string job, TimeSpan lease, CancellationToken cancellationToken)
    {
        while (await database.ExecuteAsync(Claim, Repeat, cancellationToken, ("@id", id), ("@job", job), ("@lease", (long)lease.TotalMilliseconds)) == 0)
        {
            var row = await database.AllAsync(
                "SELECT claimed_by, claimed_until FROM geowps.harvest_sources WHERE id = @id", HarvestRow.ReadClaim, Repeat, cancellationToken, ("@id", id));
            if (row is [] or [not null])
            {
                return row.FirstOrDefault();
            }

            // Given back between the two.
        }

        return null;
    }

    public Task ReleaseAsync(string id, string job, CancellationToken cancellationToken) => database.ExecuteAsync(
        "UPDATE geowps.harvest_sources SET claimed_by = NULL WHERE id = @id AND claimed_by = @job", Repeat, cancellationToken, ("@id", id), ("@job", job));
}
