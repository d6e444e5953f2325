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
    private readonly TestClock _clock = new();

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
        var keeper = new RecordKeeper(_store, _clock);

        (await keeper.ReplaceAsync("layers", Records(("a", "1"), ("b", "1"), ("c", "1")), removes: true, None)).ShouldBe((3, 0));
        (await keeper.ReplaceAsync("layers", Records(("a", "1"), ("b", "2")), removes: true, None)).ShouldBe((1, 1));
        (await keeper.ReplaceAsync("layers", Records(("a", "1"), ("b", "2")), removes: true, None)).ShouldBe((0, 0));
        (await keeper.ReplaceAsync("layers", Records(("d", "1")), removes: false, None)).ShouldBe((1, 0));

        (await _store.SearchAsync(new RecordQuery(), None)).Records.Select(found => $"{found.Record.LocalId}{found.Record.Version}").ShouldBe(["a1", "b2", "d1"]);
    }

    [Fact]
    public async Task A_record_is_as_old_as_what_it_says()
    {
        var (keeper, old, began) = (new RecordKeeper(_store, _clock), _clock.GetUtcNow().AddYears(-1), _clock.GetUtcNow());
        async IAsyncEnumerable<CatalogueRecord> Of(params (string Id, string Version)[] all)
        {
            await foreach (var record in Records(all))
            {
                yield return record.LocalId == "a" ? record with { Updated = old } : record;
            }
        }

        await keeper.ReplaceAsync("layers", Of(("a", "1"), ("b", "1")), removes: true, None);
        _clock.Advance(TimeSpan.FromHours(1));
        await keeper.ReplaceAsync("layers", Of(("a", "1"), ("b", "1")), removes: true, None);
        (await TimesAsync()).ShouldBe([("a", old), ("b", began)]);

        await keeper.ReplaceAsync("layers", Of(("a", "2"), ("b", "1"), ("c", "1")), removes: true, None);
        (await TimesAsync()).ShouldBe([("a", began.AddHours(1)), ("b", began), ("c", began.AddHours(1))], "whatever time the thing itself has");
    }

    [Fact]
    public async Task Telling_twice_does_no_harm()
    {
        var keeper = new RecordKeeper(_store, _clock);
        var record = new CatalogueRecord(RecordSources.Files, "a/b.csv", "file", "B");

        await keeper.PutAsync(record, None);
        await keeper.PutAsync(record, None);
        await keeper.RemoveAsync(RecordSources.Files, "a/b.csv", None);
        await keeper.RemoveAsync(RecordSources.Files, "a/b.csv", None);

        (await _store.SearchAsync(new RecordQuery(), None)).Matched.ShouldBe(0);
    }

    private async Task<List<(string, DateTimeOffset?)>> TimesAsync() => [.. (await _store.SearchAsync(new RecordQuery(), None)).Records.Select(found => (found.Record.LocalId, found.Record.Updated))];

    private static IAsyncEnumerable<CatalogueRecord> Records(params (string Id, string Version)[] all) =>
        all.Select(one => new CatalogueRecord("layers", one.Id, "dataset", one.Id) { Version = one.Version }).ToAsyncEnumerable();
}
