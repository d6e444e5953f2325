using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Use of the records of one node, beside its jobs.</summary>
internal sealed class SqliteUseStore(SqliteDatabase database) : IUseStore
{
    // A power cut may take the last of it.
    private const bool Durable = false;

    private const string Add =
        """
        INSERT INTO record_use (month, record, caller, opened, downloaded, searched, shown) VALUES (@month, @record, @caller, @opened, @downloaded, @searched, @shown)
        ON CONFLICT (month, record, caller) DO UPDATE SET opened = opened + excluded.opened, downloaded = downloaded + excluded.downloaded,
            searched = searched + excluded.searched, shown = shown + excluded.shown
        """;

    private static readonly UseStatements _statements = new("");

    public Task AddAsync(IReadOnlyCollection<RecordUse> uses, CancellationToken cancellationToken) => database.WriteAsync(
        Durable,
        session =>
        {
            foreach (var (month, record, caller, figures) in uses)
            {
                session.Execute(
                    Add,
                    ("@month", month),
                    ("@record", record),
                    ("@caller", caller),
                    ("@opened", figures.Opened),
                    ("@downloaded", figures.Downloaded),
                    ("@searched", figures.Searched),
                    ("@shown", figures.Shown));
            }

            return uses.Count;
        },
        cancellationToken);

    public Task<IReadOnlyList<RecordUse>> ReadAsync(UseQuery query, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<RecordUse>>(
        session => session.All(_statements.Read(query), UseStatements.Of, UseStatements.ValuesOf(query)), cancellationToken);
}
