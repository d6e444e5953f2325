using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Adapters.Storage.Tiles.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
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
    public async Task What_was_emptied_leaves_nothing_in_the_tables()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);
        await using var store = new PostgresTileStore(database, NullLogger.Instance);
        var tileset = new TilesetKey("a", "WebMercatorQuad", TileFormat.Find("png")!);
        byte[] content = [1, 2, 3];
        await store.PutAsync(
            [.. Enumerable.Range(0, 20).Select(i => KeyValuePair.Create(
                new TileKey(tileset, 5, new TileIndex(i, i)), new StoredTile(content, TileEncoding.Identity, (UInt128)(ulong)(i / 2), DateTimeOffset.UnixEpoch)))],
            CancellationToken.None);

        await store.RemoveLayerAsync("a", CancellationToken.None);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((long)(await database.ValueAsync(
            "SELECT (SELECT count(*) FROM geowps.tile) + (SELECT count(*) FROM geowps.tile_content) + (SELECT count(*) FROM geowps.tile_level_removed)", true, patience.Token))! > 0)
        {
            await Task.Delay(50, patience.Token);
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
