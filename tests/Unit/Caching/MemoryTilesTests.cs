using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Unit.Caching;

public sealed class MemoryTilesTests
{
    private const int Content = 744;

    private static readonly TilesetKey _roads = new("roads", "WebMercatorQuad", TileFormat.Mvt);

    private readonly TestClock _clock = new();
    private readonly TileScopes _scopes = new();

    [Fact]
    public void The_limit_is_in_bytes_with_what_each_tile_takes_besides()
    {
        var memory = Make(Eviction.Lru, 10);
        Put(memory, Enumerable.Range(0, 1000));

        memory.Bytes.ShouldBe(10 * (Content + MemoryTiles.Overhead));
        memory.Count.ShouldBe(10);
        memory.Evicted.ShouldBe(990);
        memory.Put(Key(5000), Tile(20_000), _scopes.Of(Key(5000)), null);
        memory.Holds(Key(5000)).ShouldBeFalse("it is larger than everything");
        memory.Put(Key(5000), Tile(9_000), _scopes.Of(Key(5000)), null);
        memory.Bytes.ShouldBeLessThanOrEqualTo(10_000);
        memory.Holds(Key(5000)).ShouldBeTrue();
    }

    [Fact]
    public void Lru_lets_go_what_was_used_longest_ago()
    {
        var memory = Make(Eviction.Lru, 3);
        Put(memory, [1, 2, 3]);
        Get(memory, 1);
        Put(memory, [4]);
        Get(memory, 3);
        Put(memory, [5]);

        Held(memory, 6).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public void Lfu_lets_go_what_was_used_least()
    {
        var memory = Make(Eviction.Lfu, 3);
        Put(memory, [1, 2, 3]);
        Get(memory, 1, 1, 1, 3, 3);
        Put(memory, [4]);
        Put(memory, [5]);

        Held(memory, 6).ShouldBe([1, 3, 5]);
    }

    [Fact]
    public void Uses_of_long_ago_count_less()
    {
        var memory = Make(Eviction.Lfu, 3);
        Put(memory, [1, 2]);
        Get(memory, [.. Enumerable.Repeat(1, 50)]);
        for (var i = 10; i < 12_000; i++)
        {
            Put(memory, [i]);
            Get(memory, 2, 2);
        }

        Held(memory, 10).ShouldBe([2]);
    }

    [Fact]
    public void None_keeps_what_it_has_and_takes_no_more_when_full()
    {
        var memory = Make(Eviction.None, 3);
        Put(memory, [1, 2, 3, 4]);
        Held(memory, 6).ShouldBe([1, 2, 3]);

        Empty(memory, new TileSelection(_roads, 9));
        Put(memory, [4]);

        Held(memory, 6).ShouldBe([4]);
    }

    [Fact]
    public void Tiles_expire_after_they_were_stored()
    {
        var memory = Make(Eviction.ExpireAfterWrite, 3);
        Put(memory, [1]);
        _clock.Advance(TimeSpan.FromSeconds(59));
        memory.TryGet(Key(1), out _).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(1));
        memory.TryGet(Key(1), out _).ShouldBeFalse();

        Put(memory, [2]);
        memory.Bytes.ShouldBe(Content + MemoryTiles.Overhead, "the expired one made room");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Put(memory, [3]);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Put(memory, [4]);
        Get(memory, 2);
        Put(memory, [5]);
        Held(memory, 6).ShouldBe([3, 4, 5], "without room the one stored first goes");
    }

    [Fact]
    public void Tiles_expire_when_nobody_uses_them()
    {
        var memory = Make(Eviction.ExpireAfterAccess, 3);
        Put(memory, [1, 2]);
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(40));
            memory.TryGet(Key(1), out _).ShouldBeTrue();
        }

        memory.TryGet(Key(2), out _).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(60));
        memory.TryGet(Key(1), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void What_is_used_stays_in_a_large_cache_too(Eviction eviction)
    {
        var memory = Make(eviction, 10_000);
        Put(memory, Enumerable.Range(0, 1000));
        for (var i = 1000; i < 40_000; i++)
        {
            Put(memory, [i]);
            Get(memory, i % 1000);
        }

        Held(memory, 1000).Count.ShouldBeGreaterThan(990);
        memory.Bytes.ShouldBeLessThanOrEqualTo(10_000L * (Content + MemoryTiles.Overhead));
    }

    [Fact]
    public void An_emptied_level_gives_its_room_back_before_anything_else_goes()
    {
        var memory = Make(Eviction.Lru, 200);
        Put(memory, Enumerable.Range(0, 100), level: 8);
        Put(memory, Enumerable.Range(0, 100));
        Empty(memory, new TileSelection(_roads, 8));
        memory.TryGet(Key(1, 8), out _).ShouldBeFalse();

        Put(memory, Enumerable.Range(100, 100));

        Held(memory, 200).Count.ShouldBe(200);
        memory.Evicted.ShouldBe(0);
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        var memory = Make(Eviction.Lru, 100);
        Put(memory, Enumerable.Range(0, 100));
        Get(memory, [.. Enumerable.Range(0, 100)]);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            memory.TryGet(Key(i % 100), out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_copy_of_a_tileset_has_another_hash()
    {
        _ = _roads.GetHashCode();
        var copy = _roads with { Layer = "rivers" };

        copy.ShouldNotBe(_roads);
        copy.ShouldBe(new TilesetKey("rivers", "WebMercatorQuad", TileFormat.Mvt));
        copy.GetHashCode().ShouldBe(new TilesetKey("rivers", "WebMercatorQuad", TileFormat.Mvt).GetHashCode());
    }

    private MemoryTiles Make(Eviction eviction, int tiles) =>
        new(new CachePolicy(eviction, (long)tiles * (Content + MemoryTiles.Overhead), TimeSpan.FromMinutes(1)), _clock);

    private static TileKey Key(int number, int level = 9) => new(_roads, level, new TileIndex(number, 0));

    private static readonly byte[] _content = new byte[20_000];

    private static StoredTile Tile(int bytes) => new(_content.AsMemory(0, bytes), TileEncoding.Identity, 1, DateTimeOffset.UnixEpoch);

    private void Put(MemoryTiles memory, IEnumerable<int> numbers, int level = 9)
    {
        foreach (var number in numbers)
        {
            memory.Put(Key(number, level), Tile(Content), _scopes.Of(Key(number, level)), null);
        }
    }

    private static void Get(MemoryTiles memory, params int[] numbers)
    {
        foreach (var number in numbers)
        {
            memory.TryGet(Key(number), out _);
        }
    }

    private void Empty(MemoryTiles memory, TileSelection selection)
    {
        _scopes.EmptyAsync(selection, _scopes.NextNumber());
        memory.SweepSoon();
    }

    private static List<int> Held(MemoryTiles memory, int below) => [.. Enumerable.Range(0, below).Where(number => memory.Holds(Key(number)))];
}
