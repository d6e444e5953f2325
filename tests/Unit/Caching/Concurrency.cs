using System.Globalization;
using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.Caching;

/// <summary>Readers, makers and emptiers at once over data that change.</summary>
internal static class Concurrency
{
    private const int Tiles = 16;

    private static readonly TilesetKey _tileset = new("roads", "WebMercatorQuad", TileFormat.Mvt);

    /// <summary>
    /// Every tile holds the version of the data it was made of. A change of the data is followed by an emptying; when all are through, no level may
    /// have a tile of older data, and no two levels different ones.
    /// </summary>
    public static async Task ShouldStayInStepAsync(TileCache cache, ITileStore store, int changes)
    {
        var data = 0;
        var done = false;
        var stored = 0;
        var found = 0;
        var workers = Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            while (!Volatile.Read(ref done))
            {
                // What is in memory is answered at once: without this a worker keeps its thread, and everybody else waits until the pool has grown.
                await Task.Yield();
                var key = Key(random.Next(Tiles));
                if (worker < 3 || random.Next(4) == 0)
                {
                    found += cache.TryFindNow(key, out _) || await cache.FindAsync(key, default) is not null ? 1 : 0;
                    continue;
                }

                var ticket = cache.Begin(_tileset);
                var read = Volatile.Read(ref data);
                await Task.Yield();
                stored += await cache.PutAsync(ticket, [.. Enumerable.Range(0, 1 + random.Next(3)).Select(i => Key((key.Tile.Column + i) % Tiles)).Select(tile => KeyValuePair.Create(tile, Tile(read)))], default);
            }
        })).ToArray();

        var choose = new Random(1);
        for (var change = 0; change < changes; change++)
        {
            Interlocked.Increment(ref data);
            await (choose.Next(4) switch
            {
                0 => cache.RemoveLayerAsync("roads", default),
                1 => cache.RemoveAsync(new TileSelection(_tileset), default),
                2 => cache.RemoveAsync(new TileSelection(_tileset, 5), default),
                _ => cache.RemoveAsync(new TileSelection(_tileset, 5, [new TileRange(0, 0, Tiles - 1, 0)]), default),
            });
            await Task.Delay(choose.Next(4));
        }

        // The last change meets readers and makers in the middle of their work, and then these go on.
        await Task.Delay(30);
        Volatile.Write(ref done, true);
        await Task.WhenAll(workers);
        stored.ShouldBeGreaterThan(0);
        found.ShouldBeGreaterThan(0);
        for (var column = 0; column < Tiles; column++)
        {
            var below = await store.FindAsync(Key(column), default);
            if (below is not null)
            {
                VersionOf(below).ShouldBe(data);
            }

            if (cache.TryGet(Key(column), out var above))
            {
                VersionOf(above).ShouldBe(data);
                below.ShouldNotBeNull();
            }
        }
    }

    private static TileKey Key(int column) => new(_tileset, 5, new TileIndex(column, 0));

    private static StoredTile Tile(int version) => StoredTile.Of(Encoding.UTF8.GetBytes(version.ToString(CultureInfo.InvariantCulture)), TileEncoding.Identity, DateTimeOffset.UnixEpoch);

    private static int VersionOf(StoredTile tile) => int.Parse(tile.Content.Span, CultureInfo.InvariantCulture);
}
