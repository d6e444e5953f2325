using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Adapters.Storage.Tiles.Postgres;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Integration.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>Quotas of tiles that several nodes store and evict at once.</summary>
public sealed class PostgresEvictionTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const int ContentLength = 4_000;
    private const long Quota = 1_000_000;

    // What a node stores before it looks again (TileQuotas).
    private const long Between = 64 << 10;

    // What levels say that they take, and what is there.
    private const string Sums =
        """
        SELECT l.tiles, l.bytes, (SELECT count(*) FROM geowps.tile t WHERE t.level_id = l.id), (SELECT coalesce(sum(length(c.data)), 0)::bigint FROM geowps.tile_content c WHERE c.level_id = l.id)
        FROM geowps.tile_level l
        """;

    private const string Strays =
        """
        SELECT (SELECT count(*) FROM geowps.tile_content c WHERE NOT EXISTS (SELECT FROM geowps.tile t WHERE t.hash = c.hash))
            + (SELECT count(*) FROM geowps.tile_content c WHERE NOT EXISTS (SELECT FROM geowps.tile t JOIN geowps.tile_level l ON l.id = t.level_id WHERE t.hash = c.hash AND l.id = c.level_id))
        """;

    [PostgresFact]
    public async Task Two_nodes_that_store_and_evict_at_once_keep_the_limit_and_their_sums_also_where_tiles_share_contents()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var one = await Node.StartAsync(connection, Quota);
        await using var other = await Node.StartAsync(connection, Quota);

        // Each content is a tile of two layers and of several levels: 8 MB of tiles in 2 MB of contents.
        await Task.WhenAll(new[] { (one, "a"), (other, "b"), (one, "c"), (other, "d") }.Select(async who =>
        {
            var (node, layer) = who;
            for (var i = 0; i < 60; i++)
            {
                await node.PutAsync(layer, level: 4 + (i % 3), first: i * 8 % 500, count: 8);
            }
        }));
        await Task.WhenAll(one.Cache.SettledAsync(), other.Cache.SettledAsync());

        await ShouldAddUpAsync(one.Database);

        // Neither more than is stored between two looks of each, nor so little as if both had removed the same surplus.
        var used = await one.UsedAsync();
        used.ShouldBeInRange((Quota * 95 / 100) - (2 * ContentLength), Quota + (2 * Between));
        (await other.UsedAsync()).ShouldBe(used);

        // What is left can be read by both.
        var found = 0;
        foreach (var layer in (string[])["a", "b", "c", "d"])
        {
            for (var i = 0; i < 500; i++)
            {
                var key = Node.Key(layer, 4 + (i / 8 % 3), i);
                var here = await one.Store.FindAsync(key, CancellationToken.None);
                (await other.Store.FindAsync(key, CancellationToken.None) is not null).ShouldBe(here is not null);
                found += here is null ? 0 : 1;
            }
        }

        found.ShouldBeGreaterThan(0);
    }

    [PostgresFact]
    public async Task Nodes_that_find_the_same_surplus_at_the_same_time_remove_it_once()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var filling = await Node.StartAsync(connection, quota: 0);
        for (var i = 0; i < 500; i += 20)
        {
            await filling.PutAsync("a", level: 9, first: i, count: 20);
        }

        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Node.StartAsync(connection, quota: 0)));
        foreach (var node in nodes)
        {
            node.Cache.SetQuota("a", Quota);
        }

        await Task.WhenAll(nodes.Select(node => node.Cache.SettledAsync()));
        (await filling.UsedAsync()).ShouldBeInRange((Quota * 95 / 100) - (2 * ContentLength), Quota * 95 / 100);
        await ShouldAddUpAsync(filling.Database);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static async Task ShouldAddUpAsync(PostgresDatabase database)
    {
        (await database.ValueAsync(Strays, true, CancellationToken.None)).ShouldBe(0L, "each content belongs to a level that has a tile of it");
        var levels = await database.AllAsync(Sums, row => (Tiles: row.GetInt64(0), Bytes: row.GetInt64(1), TilesThere: row.GetInt64(2), BytesThere: row.GetInt64(3)), true, CancellationToken.None);
        levels.ShouldNotBeEmpty();
        levels.ShouldAllBe(level => level.Tiles == level.TilesThere && level.Bytes == level.BytesThere);
    }

    /// <summary>As much of a node as keeps tiles.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly PostgresNews _news;
        private readonly PostgresTurns _turns;

        private Node(PostgresDatabase database, long quota)
        {
            (Database, _news) = (database, new PostgresNews(database, NullLogger.Instance));
            _turns = new PostgresTurns(database, _news, TimeProvider.System, NullLogger<PostgresTurns>.Instance);
            Store = new PostgresTileStore(database, NullLogger.Instance, _turns);
            Cache = new TileCache(null, Store, quota, new NoCacheNews(), TimeProvider.System, NullLogger<TileCache>.Instance);
        }

        public PostgresDatabase Database { get; }

        public PostgresTileStore Store { get; }

        public TileCache Cache { get; }

        public static async Task<Node> StartAsync(string connection, long quota)
        {
            var node = new Node(await Databases.OpenAsync(connection), quota);
            await node._news.Ready;
            return node;
        }

        public static TileKey Key(string layer, int level, int number) => new(new TilesetKey(layer, "WebMercatorQuad", TileFormat.Png), level, new TileIndex(number, 0));

        /// <summary>Tiles whose content depends on their number alone.</summary>
        public async Task PutAsync(string layer, int level, int first, int count)
        {
            var stored = await Cache.PutAsync(
                Cache.Begin(Key(layer, level, first).Tileset),
                [.. Enumerable.Range(first, count).Select(i => KeyValuePair.Create(Key(layer, level, i), StoredTile.Of(Content(i), TileEncoding.Identity, DateTimeOffset.UnixEpoch.AddSeconds(i))))],
                CancellationToken.None);
            stored.ShouldBe(count);
        }

        public async Task<long> UsedAsync()
        {
            var used = 0L;
            await foreach (var use in Store.UseAsync(null, CancellationToken.None))
            {
                used += use.Bytes;
            }

            return used;
        }

        public async ValueTask DisposeAsync()
        {
            await Cache.DisposeAsync();
            await Store.DisposeAsync();
            await _turns.DisposeAsync();
            await _news.DisposeAsync();
            await Database.DisposeAsync();
        }

        private static byte[] Content(int number)
        {
            var content = new byte[ContentLength];
            new Random(number).NextBytes(content);
            return content;
        }
    }
}
