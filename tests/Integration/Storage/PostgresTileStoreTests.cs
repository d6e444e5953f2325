using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Adapters.Storage.Tiles.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Caching;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>The contract is xunit facts that can't be skipped by a class: one fact here runs them all, each with a database of its own.</summary>
public sealed class PostgresTileStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public Task The_store_keeps_the_contract() => ContractRun.RunAsync(async () =>
    {
        var database = await server.CreateDatabaseAsync();
        return new PostgresContract(_ => OpenAsync(database));
    });

    [PostgresFact]
    public async Task Nodes_that_start_together_make_the_tables_once()
    {
        var database = await server.CreateDatabaseAsync();

        var nodes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => OpenAsync(database))));

        foreach (var node in nodes.Cast<PostgresTileStore>())
        {
            await node.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task The_levels_stay_in_step()
    {
        await using var store = (PostgresTileStore)await OpenAsync(await server.CreateDatabaseAsync());
        await using var cache = new TileCache(
            new CachePolicy(Eviction.Lru, 8 * 300, TimeSpan.Zero), store, 0, new NoCacheNews(), TimeProvider.System, NullLogger<TileCache>.Instance);

        await Concurrency.ShouldStayInStepAsync(cache, store, 60);
    }

    private static async Task<ITileStore> OpenAsync(string database) =>
        new PostgresTileStore(await Databases.OpenAsync(database), NullLogger.Instance);

    // Not found by the runner as a test class: it has no parameterless constructor and is not public.
    private sealed class PostgresContract(Func<string, Task<ITileStore>> open) : TileStoreContract(open);
}
