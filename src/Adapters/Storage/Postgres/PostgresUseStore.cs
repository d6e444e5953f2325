using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>Use of the records of all nodes: each adds what it has counted.</summary>
internal sealed class PostgresUseStore(PostgresDatabase database) : IUseStore
{
    // By key: two nodes that add to the same rows then wait for each other in turn, never each for the other.
    private const string Add =
        """
        INSERT INTO geowps.record_use AS u (month, record, caller, opened, downloaded, searched, shown)
        SELECT * FROM unnest(@month, @record, @caller, @opened, @downloaded, @searched, @shown) AS i (month, record, caller, opened, downloaded, searched, shown)
        ORDER BY month COLLATE "C", record COLLATE "C", caller COLLATE "C"
        ON CONFLICT (month, record, caller) DO UPDATE SET opened = u.opened + excluded.opened, downloaded = u.downloaded + excluded.downloaded,
            searched = u.searched + excluded.searched, shown = u.shown + excluded.shown
        """;

    private static readonly UseStatements _statements = new("geowps.");

    public Task AddAsync(IReadOnlyCollection<RecordUse> uses, CancellationToken cancellationToken) => uses.Count == 0 ? Task.CompletedTask : database.ExecuteAsync(
        Add,
        mayRepeat: false,
        cancellationToken,
        ("@month", uses.Select(use => use.Month).ToArray()),
        ("@record", uses.Select(use => use.Record).ToArray()),
        ("@caller", uses.Select(use => use.Caller).ToArray()),
        ("@opened", uses.Select(use => use.Figures.Opened).ToArray()),
        ("@downloaded", uses.Select(use => use.Figures.Downloaded).ToArray()),
        ("@searched", uses.Select(use => use.Figures.Searched).ToArray()),
        ("@shown", uses.Select(use => use.Figures.Shown).ToArray()));

    public async Task<IReadOnlyList<RecordUse>> ReadAsync(UseQuery query, CancellationToken cancellationToken) =>
        await database.AllAsync(_statements.Read(query), UseStatements.Of, mayRepeat: true, cancellationToken, UseStatements.ValuesOf(query));
}
