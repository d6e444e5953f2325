using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Storage;
using GeoWps.Tests.Unit.Files;

namespace GeoWps.Tests.Integration.Files;

public sealed class PostgresFileIndexTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task The_index_keeps_the_contract()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);
        await ContractRun.RunAsync(
            async () =>
            {
                await PostgresServer.RunAsync(connection, "TRUNCATE geowps.files, geowps.file_changes, geowps.file_use");
                return new Contract(connection, database);
            });
    }

    // Not found by the runner as a test class: it has no parameterless constructor and is not public.
    private sealed class Contract(string connection, PostgresDatabase database) : FileIndexContract
    {
        protected override IFileIndex Open() => ClockedByTest<IFileIndex>.Of(new PostgresFileIndex(database), connection, Clock);

        protected override IFileIndex Reopen()
        {
            Clock.Advance(TimeSpan.FromMinutes(2));
            return Open();
        }
    }
}
