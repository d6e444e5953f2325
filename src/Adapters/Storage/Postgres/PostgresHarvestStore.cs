using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Sources of all nodes.</summary>
internal sealed class PostgresHarvestStore(PostgresDatabase database) : IHarvestStore
{
    private const bool Repeat = true;
    private const bool Once = false;

    private const string Insert = "INSERT INTO geowps.harvest_sources AS old (id, kind, cron, settings, updated) VALUES (@id, @kind, @cron, @settings, @updated) ON CONFLICT (id)";

    public async Task<IReadOnlyList<HarvestSource>> ListAsync(CancellationToken cancellationToken) =>
        await database.AllAsync($"SELECT {HarvestRow.Columns} FROM geowps.harvest_sources ORDER BY id", HarvestRow.Read, Repeat, cancellationToken);

    public Task<HarvestSource?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync($"SELECT {HarvestRow.Columns} FROM geowps.harvest_sources WHERE id = @id", HarvestRow.Read, Repeat, cancellationToken, ("@id", id));

    public async Task<bool> TryAddAsync(HarvestSource source, CancellationToken cancellationToken) =>
        await database.ExecuteAsync($"{Insert} DO NOTHING", Once, cancellationToken, HarvestRow.ValuesOf(source)) > 0;

    // In one statement, which tells by its key whether it was an insertion.
    public async Task<bool> PutAsync(HarvestSource source, CancellationToken cancellationToken) => (bool)(await database.ValueAsync(
        $"{Insert} DO UPDATE SET kind = excluded.kind, cron = excluded.cron, settings = excluded.settings, updated = excluded.updated RETURNING old.xmax = 0", Once, cancellationToken, HarvestRow.ValuesOf(source)))!;

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync("DELETE FROM geowps.harvest_sources WHERE id = @id", Once, cancellationToken, ("@id", id)) > 0;

    public Task NoteAsync(string id, HarvestState state, CancellationToken cancellationToken) => database.ExecuteAsync(
        "UPDATE geowps.harvest_sources SET state = @state WHERE id = @id", Repeat, cancellationToken, ("@id", id), ("@state", HarvestRow.TextOf(state)));
}
