using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Storage;

public sealed class SqliteHarvestStoreTests : HarvestStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase? _database;

    protected override IHarvestStore Open() => new SqliteHarvestStore(_database = new SqliteDatabase(_folder["jobs.db"], NullLogger.Instance));

    protected override void Close() => _database?.Dispose();
}
