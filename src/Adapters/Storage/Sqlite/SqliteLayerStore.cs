using System.Security.Cryptography;
using System.Text;
using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Layers of one node, beside its jobs. What has returned outlives a power cut.</summary>
/// <param name="messages">Where what is to be done after a change goes, before it: it is taken back when the change did not happen.</param>
internal sealed class SqliteLayerStore(SqliteDatabase database, IMessages? messages = null) : ILayerStore
{
    private const bool Durable = true;

    public ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken) =>
        new(database.ReadAsync(session => session.First(LayerStatements.Find, row => StoredLayer.Read(row.GetString(0)), ("@id", id)), cancellationToken));

    public Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken) => WriteAsync(LayerStatements.Add, layer, cancellationToken);

    public Task<bool> TryReplaceAsync(Layer next, CancellationToken cancellationToken) => WriteAsync(LayerStatements.Replace, next, cancellationToken);

    public async Task<bool> TryReplaceAsync(Layer next, Func<Layer, IReadOnlyList<Message>> owed, CancellationToken cancellationToken) =>
        await FindAsync(next.Id, cancellationToken) is { } before && before.Revision == next.Revision - 1
        && await AfterAsync(owed(before), () => TryReplaceAsync(next, cancellationToken), cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => RemoveAsync(id, _ => [], cancellationToken);

    public async Task<bool> RemoveAsync(string id, Func<Layer, IReadOnlyList<Message>> owed, CancellationToken cancellationToken)
    {
        // Exactly the revision that what is owed is about; a changed one is looked at again.
        while (await FindAsync(id, cancellationToken) is { } layer)
        {
            if (await AfterAsync(
                owed(layer),
                () => database.WriteAsync(Durable, session => session.Execute(LayerStatements.Remove, ("@id", id), ("@revision", layer.Revision)) > 0, cancellationToken),
                cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    public Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        ReadAllAsync(LayerStatements.List, cancellationToken, ("@after", after ?? ""), ("@limit", limit));

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.Number(LayerStatements.Count) ?? 0, cancellationToken);

    public async Task<string> DigestAsync(CancellationToken cancellationToken)
    {
        var revisions = await database.ReadAsync(session => session.All(LayerStatements.Revisions, row => $"{row.GetString(0)} {row.GetInt64(1)} {row.GetInt64(2)}"), cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(',', revisions))).AsSpan(0, 16));
    }

    public Task<IReadOnlyList<Layer>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        ReadAllAsync(LayerStatements.Expired, cancellationToken, ("@now", UnixTime.Floor(now)), ("@limit", limit));

    public Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First(LayerStatements.Temporary, row => new LayerUse(row.GetInt64(0), row.GetInt64(1)))!, cancellationToken);

    private async Task<bool> AfterAsync(IReadOnlyList<Message> owed, Func<Task<bool>> change, CancellationToken cancellationToken)
    {
        if (owed.Count == 0 || messages is null)
        {
            return await change();
        }

        await using var outgoing = await messages.StoreAsync(owed, transaction: null, cancellationToken);
        if (!await change())
        {
            return false;
        }

        await outgoing.SendAsync();
        return true;
    }

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
