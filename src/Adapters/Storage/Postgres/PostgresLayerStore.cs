using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Marten;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// Layers of all nodes, as documents. A change names the revision that it expects, and holds on to the document's version that it saw; what is told to the other
/// nodes and what is still to be done are in its transaction.
/// </summary>
/// <param name="messages">Where what is to be done goes.</param>
internal sealed class PostgresLayerStore(PostgresDatabase database, PostgresDocuments documents, PostgresNodeNews news, IMessages messages) : ILayerStore
{
    public async ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await documents.ReadAsync(session => session.LoadAsync<StoredLayer>(id, cancellationToken), cancellationToken))?.ToDomain();

    public Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            session.Insert(StoredLayer.Of(layer));
            Tell(session, layer.Id);
            return Task.FromResult<IReadOnlyList<Message>?>([]);
        },
        cancellationToken);

    public Task<bool> TryReplaceAsync(Layer next, CancellationToken cancellationToken) => TryReplaceAsync(next, _ => [], cancellationToken);

    public Task<bool> TryReplaceAsync(Layer next, Func<Layer, IReadOnlyList<Message>> owed, CancellationToken cancellationToken) => WriteAsync(
        async session =>
        {
            if (await session.LoadAsync<StoredLayer>(next.Id, cancellationToken) is not { } before || before.Revision != next.Revision - 1)
            {
                return null;
            }

            // Only over the version that the session has loaded.
            session.Store(StoredLayer.Of(next));
            Tell(session, next.Id);
            return owed(before.ToDomain());
        },
        cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => RemoveAsync(id, _ => [], cancellationToken);

    public Task<bool> RemoveAsync(string id, Func<Layer, IReadOnlyList<Message>> owed, CancellationToken cancellationToken) => WriteAsync(
        async session =>
        {
            // In one statement, which tells what there was: of two who remove it, one has.
            await using var command = new NpgsqlCommand("DELETE FROM geowps.mt_doc_layer WHERE id = @id RETURNING data", session.Connection);
            command.Parameters.AddWithValue("@id", id);
            if (await command.ExecuteScalarAsync(cancellationToken) is not string document)
            {
                return null;
            }

            Tell(session, id);
            return owed(StoredLayer.Read(document));
        },
        cancellationToken);

    public Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        var before = after ?? "";
        return ReadAllAsync(layers => layers.Where(layer => layer.Id.CompareTo(before) > 0).OrderBy(layer => layer.Id).Take(limit), cancellationToken);
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken) =>
        await documents.ReadAsync(session => session.Query<StoredLayer>().CountAsync(cancellationToken), cancellationToken);

    // Each writing of a document has a version of its own.
    public async Task<string> DigestAsync(CancellationToken cancellationToken) => (string)(await database.ValueAsync(
        "SELECT md5(coalesce(string_agg(id || ' ' || mt_version, ',' ORDER BY id), '')) FROM geowps.mt_doc_layer", mayRepeat: true, cancellationToken))!;

    public Task<IReadOnlyList<Layer>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var utc = now.ToUniversalTime();
        return ReadAllAsync(layers => layers.Where(layer => layer.Expires <= utc).OrderBy(layer => layer.Expires).Take(limit), cancellationToken);
    }

    // From the columns beside the documents: none is read.
    public async Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken) => (await database.FirstAsync(
        "SELECT count(*), coalesce(sum(bytes), 0)::bigint FROM geowps.mt_doc_layer WHERE expires IS NOT NULL",
        row => new LayerUse(row.GetInt64(0), row.GetInt64(1)), mayRepeat: true, cancellationToken))!;

    private Task<bool> WriteAsync(Func<IDocumentSession, Task<IReadOnlyList<Message>?>> work, CancellationToken cancellationToken) =>
        documents.WriteAsync(work, messages, mayRepeat: false, cancellationToken);

    private void Tell(IDocumentSession session, string id) => session.QueueSqlCommand(PostgresNews.Statement, news.LayerLine(id));

    private async Task<IReadOnlyList<Layer>> ReadAllAsync(Func<IQueryable<StoredLayer>, IQueryable<StoredLayer>> choose, CancellationToken cancellationToken)
    {
        var found = await documents.ReadAsync(session => choose(session.Query<StoredLayer>()).ToListAsync(cancellationToken), cancellationToken);
        return [.. found.Select(layer => layer.ToDomain())];
    }
}
