using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Storage;

public sealed class SqliteEditionStoreTests : EditionStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase? _database;

    protected override IEditionStore Open() => new SqliteEditionStore(_database = new SqliteDatabase(_folder["jobs.db"], NullLogger.Instance), TimeProvider.System);

    protected override void Close() => _database?.Dispose();
}
