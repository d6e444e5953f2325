using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Editions of the documents of all nodes, by the database's clock (<c>016-editions.sql</c>).</summary>
internal sealed class PostgresEditionStore(PostgresDatabase database, PostgresNews news) : IEditionStore
{
    private const string Made = "edition";
    private const bool Repeat = true;

    public async Task<long> TakeAsync(string document, string content, CancellationToken cancellationToken) => (long)(await database.ValueAsync(
        "SELECT geowps.take_edition(@document, @content, @node)", Repeat, cancellationToken, ("@document", document), ("@content", content), ("@node", database.Node)))!;

    public Task<Edition?> NewestAsync(string document, CancellationToken cancellationToken) => database.FirstAsync(
        "SELECT content, number FROM geowps.editions WHERE document = @document",
        row => new Edition(row.GetString(0), row.GetInt64(1)),
        Repeat,
        cancellationToken,
        ("@document", document));

    public IDisposable Listen(Action<string?> heard) => news.Listen((kind, rest) =>
    {
        if (kind is Made or PostgresNews.Gap)
        {
            heard(kind == Made ? rest : null);
        }
    });
}
