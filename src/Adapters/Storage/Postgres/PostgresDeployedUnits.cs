using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Deployed models and scripts of a cluster; each change tells the other nodes in its own transaction.</summary>
internal sealed class PostgresDeployedUnits(PostgresDatabase database, PostgresNews news) : IDeployedUnits
{
    private const bool Repeat = true;
    private const bool Once = false;
    private const string Kind = "deployed";

    private const string Add =
        """
        WITH put AS (
            INSERT INTO geowps.deployed (id, digest, unit, media_type, package, node) VALUES (@id, @digest, @unit, @type, @package, @node)
            ON CONFLICT (id) DO NOTHING RETURNING id
        )
        SELECT pg_notify('geowps', @line) FROM put
        """;

    private const string Replace =
        """
        WITH put AS (
            UPDATE geowps.deployed SET version = version + 1, digest = @digest, unit = @unit, media_type = @type, package = @package, node = @node, deployed = now()
            WHERE id = @id AND digest = @before RETURNING id
        )
        SELECT pg_notify('geowps', @line) FROM put
        """;

    private const string Remove = "WITH gone AS (DELETE FROM geowps.deployed WHERE id = @id RETURNING id) SELECT pg_notify('geowps', @line) FROM gone";

    public async Task<IReadOnlyList<DeployedMark>> ListAsync(CancellationToken cancellationToken) => await database.AllAsync(
        "SELECT id, digest FROM geowps.deployed ORDER BY id COLLATE \"C\"", row => new DeployedMark(row.GetString(0), row.GetString(1)), Repeat, cancellationToken);

    public Task<DeployedUnit?> FindAsync(string id, CancellationToken cancellationToken) => database.FirstAsync(
        "SELECT id, digest, unit, media_type, package FROM geowps.deployed WHERE id = @id",
        row => new DeployedUnit(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2), new ApplicationPackage(row.GetString(3), row.GetFieldValue<byte[]>(4))),
        Repeat,
        cancellationToken,
        ("@id", id));

    public async Task<bool> TryPutAsync(DeployedUnit unit, string? before, CancellationToken cancellationToken) => (await database.AllAsync(
        before is null ? Add : Replace,
        _ => unit.Id,
        Once,
        cancellationToken,
        [
            ("@id", unit.Id), ("@digest", unit.Digest), ("@unit", unit.Content.ToArray()), ("@type", unit.Package.MediaType), ("@package", unit.Package.Content.ToArray()),
            ("@node", database.Node), ("@line", LineOf(unit.Id)), .. before is null ? [] : ((string, object?)[])[("@before", before)],
        ])).Count > 0;

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) =>
        (await database.AllAsync(Remove, _ => id, Once, cancellationToken, ("@id", id), ("@line", LineOf(id)))).Count > 0;

    public IDisposable Listen(Action changed) => news.Listen((kind, _) =>
    {
        if (kind is Kind or PostgresNews.Gap)
        {
            changed();
        }
    });

    private string LineOf(string id) => $"{database.Node} {Kind} {id}";
}
