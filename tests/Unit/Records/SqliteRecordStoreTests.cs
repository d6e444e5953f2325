using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Records;

public sealed class SqliteRecordStoreTests : RecordStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteRecordsDatabase? _database;

    protected override IRecordStore Open() =>
        new SqliteRecordStore(_database = new SqliteRecordsDatabase(SqliteRecordsDatabase.Open(_folder["records.db"], NullLogger.Instance)), Options.Create(new RecordsOptions { KeptRemovals = KeptRemovals }));

    protected override void Close(IRecordStore store) => _database!.Dispose();

    protected override void CleanUp() => _folder.Dispose();

    [Fact]
    public async Task Who_searches_does_not_wait_for_who_writes()
    {
        await Store.PutAsync([Record("a", "Rivers")], None);
        using var written = new ManualResetEventSlim();
        using var looked = new ManualResetEventSlim();
        var writing = _database!.File.WriteAsync(
            false,
            session =>
            {
                session.Execute("DELETE FROM records");
                written.Set();
                return looked.Wait(TimeSpan.FromSeconds(30)) ? 1 : throw new TimeoutException();
            },
            None);
        written.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();

        (await FindAsync("rivers")).ShouldBe(["a"]);

        looked.Set();
        await writing;
        (await FindAsync(new RecordQuery())).ShouldBeEmpty();
    }
}
