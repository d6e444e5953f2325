using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Storage;

public sealed class SqliteSchemeStoreTests : SchemeStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase? _database;

    protected override ISchemeStore Open() => new SqliteSchemeStore(_database = new SqliteDatabase(_folder["jobs.db"], NullLogger.Instance));

    protected override void Close() => _database?.Dispose();
}
