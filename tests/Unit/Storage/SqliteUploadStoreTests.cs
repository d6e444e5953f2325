using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Storage;

public sealed class SqliteUploadStoreTests : UploadStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase? _database;

    protected override IUploadStore Open(TimeProvider clock) => new SqliteUploadStore(_database = new SqliteDatabase(_folder["jobs.db"], NullLogger.Instance), clock);

    protected override IFileIndex OpenIndex() => new SqliteFileIndex(_database!);

    protected override void Close() => _database?.Dispose();
}
