using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Domain.Records;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Records;

public sealed class RecordKeeperTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteRecordsDatabase _database;
    private readonly SqliteRecordStore _store;

    public RecordKeeperTests()
    {
        _database = new SqliteRecordsDatabase(SqliteRecordsDatabase.Open(_folder["records.db"], NullLogger.Instance));
        _store = new SqliteRecordStore(_database, Options.Create(new RecordsOptions()));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Only_what_is_another_is_stored_and_what_is_gone_is_removed()
    {
        var keeper = new RecordKeeper(_store);

        (await keeper.ReplaceAsync("layers", Records(("a", "1"), ("b", "1"), ("c", "1")), removes: true, None)).ShouldBe((3, 0));
        (await keeper.ReplaceAsync("layers", Records(("a", "1"), ("b", "2")), removes: true, None)).ShouldBe((1, 1));
        (await keeper.ReplaceAsync("layers", Records(("a", "1"), ("b", "2")), removes: true, None)).ShouldBe((0, 0));
        (await keeper.ReplaceAsync("layers", Records(("d", "1")), removes: false, None)).ShouldBe((1, 0));

        (await _store.SearchAsync(new RecordQuery(), None)).Records.Select(found => $"{found.Record.LocalId}{found.Record.Version}").ShouldBe(["a1", "b2", "d1"]);
    }

    [Fact]
    public async Task Telling_twice_does_no_harm()
    {
        var keeper = new RecordKeeper(_store);
        var record = new CatalogueRecord(RecordSources.Files, "a/b.csv", "file", "B");

        await keeper.PutAsync(record, None);
        await keeper.PutAsync(record, None);
        await keeper.RemoveAsync(RecordSources.Files, "a/b.csv", None);
        await keeper.RemoveAsync(RecordSources.Files, "a/b.csv", None);

        (await _store.SearchAsync(new RecordQuery(), None)).Matched.ShouldBe(0);
    }

    private static IAsyncEnumerable<CatalogueRecord> Records(params (string Id, string Version)[] all) =>
        all.Select(one => new CatalogueRecord("layers", one.Id, "dataset", one.Id) { Version = one.Version }).ToAsyncEnumerable();
}
