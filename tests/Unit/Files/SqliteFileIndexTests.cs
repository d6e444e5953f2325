using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Files;

public sealed class SqliteFileIndexTests : FileIndexContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase? _database;

    protected override IFileIndex Open() => new SqliteFileIndex(_database = new SqliteDatabase(_folder["jobs.db"], NullLogger.Instance));

    protected override IFileIndex Reopen()
    {
        _database!.Dispose();
        return Open();
    }

    protected override void CleanUp()
    {
        _database?.Dispose();
        _folder.Dispose();
    }
}
