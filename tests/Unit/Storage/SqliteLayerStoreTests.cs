using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Tests.Unit.Layers;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Storage;

public sealed class SqliteLayerStoreTests : LayerStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase? _database;

    protected override ILayerStore Open() => new SqliteLayerStore(_database = new SqliteDatabase(_folder["jobs.db"], NullLogger.Instance));

    protected override void Close(ILayerStore store) => _database!.Dispose();

    protected override void CleanUp() => _folder.Dispose();

    [Fact]
    public async Task Of_20000_layers_a_new_instance_reads_none_until_one_is_asked_for()
    {
        _ = Store;
        using (var session = new SqliteSession(_folder["jobs.db"], readOnly: false))
        {
            // A document that can't be read tells on whoever reads it.
            session.Run("BEGIN");
            for (var i = 0; i < 20_000; i++)
            {
                session.Execute("INSERT INTO layers (id, revision, updated, expires, bytes, document) VALUES (@id, 1, 0, NULL, 0, 'unread')", ("@id", $"layer-{i:00000}"));
            }

            session.Run("COMMIT");
        }

        Restart();
        await Store.TryAddAsync(Some.Layer("layer-19999-b"), None);

        (await Store.CountAsync(None)).ShouldBe(20_001);
        (await Store.FindAsync("layer-19999-b", None)).ShouldNotBeNull();
        (await Store.ListAsync("layer-19999", 10, None)).ShouldHaveSingleItem().Id.ShouldBe("layer-19999-b");
        (await Store.ExpiredAsync(DateTimeOffset.UnixEpoch, 10, None)).ShouldBeEmpty();
        (await Store.TemporaryAsync(None)).Layers.ShouldBe(0);
    }

    [Theory]
    [InlineData(LayerStatements.Expired)]
    [InlineData(LayerStatements.Temporary)]
    [InlineData(LayerStatements.List)]
    public void A_statement_looks_only_at_what_it_needs(string statement)
    {
        _ = Store;
        using var session = new SqliteSession(_folder["jobs.db"], readOnly: false);
        using var command = session.Once("EXPLAIN QUERY PLAN " + statement, [("@now", 1L), ("@limit", 1L), ("@after", "")]);
        using var row = command.ExecuteReader();
        row.Read().ShouldBeTrue();

        row.GetString(3).ShouldContain("INDEX");
    }
}
