using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Integration.Storage;

public sealed class PostgresHarvestStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task The_store_keeps_the_contract()
    {
        var connection = await server.CreateDatabaseAsync();
        await ContractRun.RunAsync(
            async () =>
            {
                var database = await Databases.OpenAsync(connection);
                await PostgresServer.RunAsync(connection, "TRUNCATE geowps.harvest_sources");
                return new Contract(connection, database);
            },
            atLeast: 1);
    }

    // Not found by the runner as a test class: it has no parameterless constructor and is not public.
    private sealed class Contract(string connection, PostgresDatabase first) : HarvestStoreContract
    {
        private PostgresDatabase? _database = first;

        protected override IHarvestStore Open() => new PostgresHarvestStore(
            _database ??= Databases.OpenAsync(connection).GetAwaiter().GetResult());

        protected override void Close()
        {
            _database?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _database = null;
        }
    }
}
