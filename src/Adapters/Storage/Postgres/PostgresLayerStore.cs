using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Layers of all nodes. A change names the revision that it expects, and is told to the other nodes once it is stored.</summary>
internal sealed class PostgresLayerStore(PostgresDatabase database, PostgresNodeNews news) : ILayerStore
{
    private const bool Repeat = true;
    private const bool Once = false;

    public async ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken) => await database.FirstAsync(
        "SELECT document FROM geowps.layers WHERE id = @id", row => StoredLayer.Read(row.GetString(0)), Repeat, cancellationToken, ("@id", id));

    public Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken) => WriteAsync(
        """
        INSERT INTO geowps.layers (id, revision, updated, expires, bytes, document) VALUES (@id, @revision, @updated, @expires, @bytes, @document)
        ON CONFLICT (id) DO NOTHING
        """,
        layer,
        cancellationToken);

    public Task<bool> TryReplaceAsync(Layer next, CancellationToken cancellationToken) => WriteAsync(
        """
        UPDATE geowps.layers SET revision = @revision, updated = @updated, expires = @expires, bytes = @bytes, document = @document
        WHERE id = @id AND revision = @revision - 1
        """,
        next,
        cancellationToken);

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) =>
        Tell(id, await database.ExecuteAsync("DELETE FROM geowps.layers WHERE id = @id", Once, cancellationToken, ("@id", id)) > 0);

    public Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        ReadAllAsync("SELECT document FROM geowps.layers WHERE id > @after ORDER BY id LIMIT @limit", cancellationToken, ("@after", after ?? ""), ("@limit", limit));

    public async Task<long> CountAsync(CancellationToken cancellationToken) => (long)(await database.ValueAsync("SELECT count(*) FROM geowps.layers", Repeat, cancellationToken))!;

    public Task<IReadOnlyList<Layer>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => ReadAllAsync(
        "SELECT document FROM geowps.layers WHERE expires <= @now ORDER BY expires LIMIT @limit", cancellationToken, ("@now", UnixTime.Floor(now)), ("@limit", limit));

    public async Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken) => (await database.FirstAsync(
        "SELECT count(*), coalesce(sum(bytes), 0)::bigint FROM geowps.layers WHERE expires IS NOT NULL", row => new LayerUse(row.GetInt64(0), row.GetInt64(1)), Repeat, cancellationToken))!;

    private async Task<bool> WriteAsync(string statement, Layer layer, CancellationToken cancellationToken) => Tell(layer.Id, await database.ExecuteAsync(
        statement,
        Once,
        cancellationToken,
        ("@id", layer.Id),
        ("@revision", layer.Revision),
        ("@updated", UnixTime.Floor(layer.Updated)),
        ("@expires", layer.Expires is { } expires ? UnixTime.Ceiling(expires) : null),
        ("@bytes", layer.Bytes),
        ("@document", StoredLayer.Write(layer))) > 0);

    private bool Tell(string id, bool hasChanged)
    {
        if (hasChanged)
        {
            news.TellLayer(id);
        }

        return hasChanged;
    }

    private async Task<IReadOnlyList<Layer>> ReadAllAsync(string statement, CancellationToken cancellationToken, params (string Name, object? Value)[] values) =>
        await database.AllAsync(statement, row => StoredLayer.Read(row.GetString(0)), Repeat, cancellationToken, values);
}
