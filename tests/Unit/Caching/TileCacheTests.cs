using System.Text;
using GeoWps.Adapters.Storage.Tiles.Files;
using GeoWps.Adapters.Storage.Tiles.GeoPackage;
using GeoWps.Adapters.Storage.Tiles.Pack;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Caching;

public sealed class TileCacheTests : IDisposable
{
    private static readonly TilesetKey _roads = new("roads", "WebMercatorQuad", TileFormat.Mvt);

    private static readonly CachePolicy _lru = new(Eviction.Lru, 1 << 20, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-cache-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Either_level_may_be_missing(bool memory, bool persistent)
    {
        await using var cache = Make(memory ? _lru : null, persistent ? new SlowStore(0) : null);

        (await PutAsync(cache, 1, "a")).ShouldBe(memory || persistent ? 1 : 0);

        cache.TryGet(Key(1), out _).ShouldBe(memory);
        (await TextAsync(cache, 1)).ShouldBe(memory || persistent ? "a" : null);
        (await cache.UseAsync("roads", default).CountAsync()).ShouldBe(memory || persistent ? 1 : 0);
        await cache.RemoveAsync(new TileSelection(_roads, 5, [new TileRange(0, 0, 3, 3)]), default);
        (await TextAsync(cache, 1)).ShouldBeNull();
        await PutAsync(cache, 1, "b");
        await cache.RemoveLayerAsync("roads", default);
        (await TextAsync(cache, 1)).ShouldBeNull();
        (await cache.UseAsync(null, default).CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task What_the_store_has_goes_up()
    {
        var store = new SlowStore(0);
        await using (var first = Make(_lru, store))
        {
            await PutAsync(first, 1, "a");
        }

        await using var cache = Make(_lru, store);

        cache.TryGet(Key(1), out _).ShouldBeFalse();
        (await TextAsync(cache, 1)).ShouldBe("a");
        cache.TryGet(Key(1), out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_reader_that_was_overtaken_by_an_emptying_brings_nothing_up()
    {
        var store = new SlowStore(0);
        await using var cache = Make(_lru, store);
        await PutAsync(cache, 1, "old");
        await cache.RemoveAsync(new TileSelection(_roads, 7), default);
        await using var other = Make(_lru, store);

        var reading = store.HoldReads();
        var read = other.FindAsync(Key(1), default);
        await other.RemoveAsync(new TileSelection(_roads, 5), default);
        reading.SetResult();

        (await read)!.Content.Length.ShouldBe(3, "it was there when it was read");
        other.TryGet(Key(1), out _).ShouldBeFalse();
        (await TextAsync(other, 1)).ShouldBeNull();
    }

    [Fact]
    public async Task A_reader_that_was_overtaken_by_a_writer_brings_nothing_up()
    {
        var store = new SlowStore(0);
        await using (var first = Make(null, store))
        {
            await PutAsync(first, 1, "old");
        }

        await using var cache = Make(_lru with { LimitBytes = 300 }, store);
        var reading = store.HoldReads();
        var read = cache.FindAsync(Key(1), default);
        await PutAsync(cache, 1, "new");
        await PutAsync(cache, 2, "takes the room");
        reading.SetResult();
        await read;

        (await TextAsync(cache, 1)).ShouldBe("new");
    }

    [Fact]
    public async Task What_was_begun_before_an_emptying_is_not_stored_after_it()
    {
        await using var cache = Make(_lru, new SlowStore(0));
        var (all, inside, outside) = (cache.Begin(_roads), cache.Begin(_roads), cache.Begin(_roads));

        await cache.RemoveAsync(new TileSelection(_roads, 5, [new TileRange(0, 0, 3, 3)]), default);

        (await cache.PutAsync(inside, [new(Key(1), Tile("stale"))], default)).ShouldBe(0);
        (await cache.PutAsync(outside, [new(Key(9), Tile("good"))], default)).ShouldBe(1);
        (await PutAsync(cache, 1, "fresh")).ShouldBe(1);
        await cache.RemoveLayerAsync("roads", default);
        (await cache.PutAsync(all, [new(Key(20), Tile("stale"))], default)).ShouldBe(0);
        (await TextAsync(cache, 9)).ShouldBeNull();
        (await TextAsync(cache, 20)).ShouldBeNull();
    }

    [Fact]
    public async Task Other_levels_and_layers_are_stored_whatever_was_emptied()
    {
        await using var cache = Make(_lru, new SlowStore(0));
        var rivers = _roads with { Layer = "rivers" };
        var (level, layer) = (cache.Begin(_roads), cache.Begin(rivers));

        await cache.RemoveAsync(new TileSelection(_roads, 6), default);
        await cache.RemoveLayerAsync("lakes", default);

        (await cache.PutAsync(level, [new(Key(1), Tile("a")), new(Key(1) with { Level = 6 }, Tile("b"))], default)).ShouldBe(1);
        (await cache.PutAsync(layer, [new(Key(1) with { Tileset = rivers }, Tile("a"))], default)).ShouldBe(1);
    }

    [Fact]
    public async Task An_emptying_waits_for_who_is_storing_and_for_nobody_else()
    {
        var store = new SlowStore(0);
        await using var cache = Make(_lru, store);
        var storing = store.HoldWrites();
        var put = PutAsync(cache, 1, "stale");
        var emptying = cache.RemoveAsync(new TileSelection(_roads, 5), default);
        await Task.Delay(20);
        emptying.IsCompleted.ShouldBeFalse();

        storing.SetResult();
        await put;
        await emptying;

        (await TextAsync(cache, 1)).ShouldBeNull();
    }

    [Fact]
    public async Task An_emptying_waits_for_who_began_to_store_during_the_one_before()
    {
        var store = new SlowStore(0);
        await using var cache = Make(_lru, store);
        var (removing, storing) = (store.HoldRemovals(), store.HoldWrites());
        var first = cache.RemoveAsync(new TileSelection(_roads, 5), default);
        var put = PutAsync(cache, 1, "of the data between");
        removing.SetResult();
        await first;

        var second = cache.RemoveAsync(new TileSelection(_roads, 5), default);
        await Task.Delay(20);
        second.IsCompleted.ShouldBeFalse();
        storing.SetResult();
        await put;
        await second;

        (await TextAsync(cache, 1)).ShouldBeNull();
    }

    [Fact]
    public async Task A_store_that_fails_is_a_cache_that_has_nothing()
    {
        var store = new SlowStore(0);
        await using var cache = Make(_lru, store);
        await PutAsync(cache, 1, "old");
        store.Fails = true;

        (await PutAsync(cache, 1, "new")).ShouldBe(0);
        (await TextAsync(cache, 1)).ShouldBeNull();
        await Should.ThrowAsync<IOException>(() => cache.RemoveLayerAsync("roads", default));
        store.Fails = false;
        (await PutAsync(cache, 1, "new")).ShouldBe(1);
        (await TextAsync(cache, 1)).ShouldBe("new");
    }

    [Fact]
    public async Task What_another_node_emptied_is_not_in_memory()
    {
        var (news, store) = (new TestNews(), new SlowStore(0));
        await using var one = Make(_lru, store, news: news);
        await using var other = Make(_lru, store, news: news);
        await PutAsync(one, 1, "a");
        await TextAsync(other, 1);
        other.TryGet(Key(1), out _).ShouldBeTrue();
        var ticket = other.Begin(_roads);

        await one.RemoveAsync(new TileSelection(_roads, 5), default);

        other.TryGet(Key(1), out _).ShouldBeFalse();
        (await other.PutAsync(ticket, [new(Key(1), Tile("stale"))], default)).ShouldBe(0);
    }

    [Fact]
    public async Task Quotas_are_kept_in_all_and_by_layer()
    {
        await using var store = new PackTileStore(_folder, NullLogger.Instance);
        await using var cache = Make(null, store, quota: 2 << 20);
        cache.SetQuota("roads", 1 << 20);
        var rivers = _roads with { Layer = "rivers" };
        for (var i = 0; i < 400; i++)
        {
            var content = new byte[10_000];
            Random.Shared.NextBytes(content);
            foreach (var tileset in new[] { _roads, rivers })
            {
                await cache.PutAsync(cache.Begin(tileset), [new(new TileKey(tileset, 9, new TileIndex(i, 0)), StoredTile.Of(content, TileEncoding.Identity, DateTimeOffset.UnixEpoch))], default);
            }
        }

        await cache.SettledAsync();

        var uses = await cache.UseAsync(null, default).ToListAsync();
        uses.Single(use => use.Tileset.Layer == "roads").Bytes.ShouldBeInRange(800_000, (1 << 20) + (80 << 10));
        uses.Sum(use => use.Bytes).ShouldBeInRange(1_700_000, (2 << 20) + (160 << 10));
    }

    [Theory]
    [InlineData("slow")]
    [InlineData("pack")]
    [InlineData("file")]
    [InlineData("gpkg")]
    public async Task The_levels_stay_in_step(string kind)
    {
        ITileStore store = kind switch
        {
            "pack" => new PackTileStore(_folder, NullLogger.Instance, 64 << 10),
            "file" => new FileTileStore(_folder, PathLayout.Xyz, new TestGrids()),
            "gpkg" => new GeoPackageTileStore(_folder, perLevel: false, new TestGrids(), NullLogger.Instance),
            _ => new SlowStore(2),
        };

        // Memory for half of the tiles: all ways up and down are taken.
        await using (var cache = Make(_lru with { LimitBytes = 8 * 300 }, store))
        {
            await Concurrency.ShouldStayInStepAsync(cache, store, kind == "gpkg" ? 40 : 150);
        }

        if (store is IAsyncDisposable closing)
        {
            await closing.DisposeAsync();
        }
    }

    private static TileCache Make(CachePolicy? memory, ITileStore? store, long quota = 0, ICacheNews? news = null) =>
        new(memory, store, quota, news ?? new NoCacheNews(), TimeProvider.System, NullLogger<TileCache>.Instance);

    private static TileKey Key(int column) => new(_roads, 5, new TileIndex(column, 0));

    private static StoredTile Tile(string text) => StoredTile.Of(Encoding.UTF8.GetBytes(text), TileEncoding.Identity, DateTimeOffset.UnixEpoch);

    private static Task<int> PutAsync(TileCache cache, int column, string text) => cache.PutAsync(cache.Begin(_roads), [new(Key(column), Tile(text))], default);

    private static async Task<string?> TextAsync(TileCache cache, int column) => await cache.FindAsync(Key(column), default) is { } tile ? Encoding.UTF8.GetString(tile.Content.Span) : null;
}
