using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Layers of one node, beside its jobs. What has returned outlives a power cut.</summary>
internal sealed class SqliteLayerStore(SqliteDatabase database) : ILayerStore
{
    private const bool Durable = true;

    public ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken) =>
        new(database.ReadAsync(session => session.First(LayerStatements.Find, row => StoredLayer.Read(row.GetString(0)), ("@id", id)), cancellationToken));

    public Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken) => WriteAsync(LayerStatements.Add, layer, cancellationToken);

    public Task<bool> TryReplaceAsync(Layer next, CancellationToken cancellationToken) => WriteAsync(LayerStatements.Replace, next, cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(Durable, session => session.Execute(LayerStatements.Remove, ("@id", id)) > 0, cancellationToken);

    public Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        ReadAllAsync(LayerStatements.List, cancellationToken, ("@after", after ?? ""), ("@limit", limit));

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.Number(LayerStatements.Count) ?? 0, cancellationToken);

    public Task<IReadOnlyList<Layer>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        ReadAllAsync(LayerStatements.Expired, cancellationToken, ("@now", UnixTime.Floor(now)), ("@limit", limit));

    public Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First(LayerStatements.Temporary, row => new LayerUse(row.GetInt64(0), row.GetInt64(1)))!, cancellationToken);

    private Task<bool> WriteAsync(string statement, Layer layer, CancellationToken cancellationToken)
    {
        // Written by the caller's thread: all others wait for the one that writes to the database.
        var document = StoredLayer.Write(layer);
        return database.WriteAsync(
            Durable,
            session => session.Execute(
                statement,
                ("@id", layer.Id),
                ("@revision", layer.Revision),
                ("@updated", UnixTime.Floor(layer.Updated)),
                ("@expires", layer.Expires is { } expires ? UnixTime.Ceiling(expires) : null),
                ("@bytes", layer.Bytes),
                ("@document", document)) > 0,
            cancellationToken);
    }

    private Task<IReadOnlyList<Layer>> ReadAllAsync(
        string statement, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        database.ReadAsync(session => (IReadOnlyList<Layer>)session.All(statement, row => StoredLayer.Read(row.GetString(0)), parameters), cancellationToken);
}
