using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

public sealed class PostgresLayerStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task The_store_keeps_the_contract()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);
        await using var news = new PostgresNews(database, NullLogger.Instance);
        await ContractRun.RunAsync(
            async () =>
            {
                await PostgresServer.RunAsync(connection, "TRUNCATE geowps.layers");
                return new Contract(() => new PostgresLayerStore(database, new PostgresNodeNews(news)));
            },
            atLeast: 6);
    }

    // Not found by the runner as a test class: it has no parameterless constructor and is not public.
    private sealed class Contract(Func<ILayerStore> open) : LayerStoreContract
    {
        protected override ILayerStore Open() => open();

        protected override void Close(ILayerStore store)
        {
        }
    }
}
