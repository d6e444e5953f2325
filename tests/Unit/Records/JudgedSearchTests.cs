using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Records;

/// <summary><see cref="JudgedSearches"/> in SQLite; PostgreSQL has a test of its own.</summary>
public sealed class JudgedSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteRecordsDatabase _database;
    private readonly SqliteRecordStore _store;

    public JudgedSearchTests()
    {
        _database = new SqliteRecordsDatabase(SqliteRecordsDatabase.Open(_folder["records.db"], NullLogger.Instance));
        _store = new SqliteRecordStore(_database, Options.Create(new RecordsOptions()));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(JudgedSearches.Searches), MemberType = typeof(JudgedSearches))]
    public async Task What_should_be_found_is_found_in_the_order_that_people_expect(string words, string expected)
    {
        await _store.PutAsync(JudgedSearches.Library, CancellationToken.None);

        var found = await _store.SearchAsync(new RecordQuery { Text = words, Limit = 100 }, CancellationToken.None);

        string.Join(' ', found.Records.Select(one => one.Record.LocalId)).ShouldBe(expected);
    }
}
