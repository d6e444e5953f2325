using GeoWps.Application.Ports;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Editions of the documents of one node, beside its jobs.</summary>
internal sealed class SqliteEditionStore(SqliteDatabase database, TimeProvider clock) : IEditionStore
{
    // Callers have it already: it must not be given to another content after a power cut.
    private const bool Durable = true;

    private const string Take =
        """
        INSERT INTO editions (document, content, number) VALUES (@document, @content, @now)
        ON CONFLICT (document) DO UPDATE SET content = excluded.content, number = max(excluded.number, number + 1) WHERE content <> excluded.content
        """;

    private const string Newest = "SELECT content, number FROM editions WHERE document = @document";

    public Task<long> TakeAsync(string document, string content, CancellationToken cancellationToken) => database.WriteAsync(
        Durable,
        session =>
        {
            session.Execute(Take, ("@document", document), ("@content", content), ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds()));
            return session.First(Newest, Read, ("@document", document))!.Number;
        },
        cancellationToken);

    public Task<Edition?> NewestAsync(string document, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First(Newest, Read, ("@document", document)), cancellationToken);

    private static Edition Read(SqliteDataReader row) => new(row.GetString(0), row.GetInt64(1));
}
