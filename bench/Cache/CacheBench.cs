using System.Diagnostics;
using System.Globalization;
using GeoWps.Adapters.Storage.Tiles.Files;
using GeoWps.Adapters.Storage.Tiles.GeoPackage;
using GeoWps.Adapters.Storage.Tiles.Pack;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Bench.Cache;

/// <summary>
/// The stores of tiles against each other, without HTTP: 20,000 tiles of 2 to 10 kB, a quarter of them the same, stored by metatiles of 16; then each
/// read twice in random order. And a level of a million tiles in packs, emptied.
/// </summary>
internal static class CacheBench
{
    private const int Tiles = 20_000;
    private const int Million = 1_000_000;

    private static readonly TilesetKey _tileset = new("bench", "WebMercatorQuad", TileFormat.Png);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var figures = new List<Figure>();
        foreach (var (name, open) in new (string, Func<string, ITileStore>)[]
        {
            ("pack", folder => new PackTileStore(folder, NullLogger.Instance)),
            ("file", folder => new FileTileStore(folder, PathLayout.Default, new NoGrids())),
            ("gpkg", folder => new GeoPackageTileStore(folder, perLevel: false, new NoGrids(), NullLogger.Instance)),
        })
        {
            await InFolderAsync(folder => MeasureAsync(name, folder, open, figures));
        }

        await InFolderAsync(folder => MeasureMillionAsync(folder, figures));
        return figures;
    }

    private static async Task MeasureAsync(string name, string folder, Func<string, ITileStore> open, List<Figure> figures)
    {
        var store = open(folder);
        var random = new Random(1);
        var sea = new byte[2_000];
        var watch = Stopwatch.StartNew();
        for (var first = 0; first < Tiles; first += 16)
        {
            await store.PutAsync([.. Enumerable.Range(first, 16).Select(i => KeyValuePair.Create(Key(i), Tile(random, i % 4 == 0 ? sea : null)))], default);
        }

        Add($"{name}: stored", Tiles / watch.Elapsed.TotalSeconds, "tiles/s");
        await CloseAsync(store);
        Add($"{name}: on disk", Disk(folder) / 1e6, "MB");
        store = open(folder);
        await ReadAsync(store, random);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        for (var i = 0; i < 4; i++)
        {
            await ReadAsync(store, random);
        }

        Add($"{name}: CPU of a hit", (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMicroseconds / 4 / Tiles, "µs");
        watch.Restart();
        await store.RemoveAsync(new TileSelection(_tileset, 14), default);
        Add($"{name}: emptied", watch.Elapsed.TotalMilliseconds, "ms");
        await CloseAsync(store);

        void Add(string what, double value, string unit) => figures.Add(Of(what, value, unit));
    }

    private static async Task MeasureMillionAsync(string folder, List<Figure> figures)
    {
        var store = new PackTileStore(folder, NullLogger.Instance);
        var random = new Random(1);
        var watch = Stopwatch.StartNew();
        for (var first = 0; first < Million; first += 64)
        {
            await store.PutAsync([.. Enumerable.Range(first, 64).Select(i => KeyValuePair.Create(Key(i), StoredTile.Of(BitConverter.GetBytes(i), TileEncoding.Identity, DateTimeOffset.UnixEpoch)))], default);
        }

        figures.Add(Of("pack: a million stored", Million / watch.Elapsed.TotalSeconds, "tiles/s"));
        await store.DisposeAsync();
        GC.Collect();
        var before = (GC.GetTotalMemory(forceFullCollection: true), Process.GetCurrentProcess().PrivateMemorySize64);
        watch.Restart();
        store = new PackTileStore(folder, NullLogger.Instance);
        await store.FindAsync(Key(random.Next(Million)), default);
        figures.Add(Of("pack: a million opened", watch.Elapsed.TotalMilliseconds, "ms"));
        figures.Add(Of("pack: managed memory of a million", (GC.GetTotalMemory(forceFullCollection: true) - before.Item1) / 1e6, "MB"));
        watch.Restart();
        await store.RemoveAsync(new TileSelection(_tileset, 14), default);
        figures.Add(Of("pack: a million emptied", watch.Elapsed.TotalMilliseconds, "ms", "under 1 s", watch.Elapsed < TimeSpan.FromSeconds(1)));
        await store.DisposeAsync();
    }

    private static async Task ReadAsync(ITileStore store, Random random)
    {
        for (var i = 0; i < Tiles; i++)
        {
            if (await store.FindAsync(Key(random.Next(Tiles)), default) is null)
            {
                throw new InvalidOperationException("A tile is missing.");
            }
        }
    }

    private static Figure Of(string what, double value, string unit, string? goal = null, bool? met = null) =>
        new(what, string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}"), null, goal, met);

    private static TileKey Key(int i) => new(_tileset, 14, new TileIndex(i % 4096, i / 4096));

    private static StoredTile Tile(Random random, byte[]? content)
    {
        if (content is null)
        {
            content = new byte[random.Next(2_000, 10_000)];
            random.NextBytes(content);
        }

        return StoredTile.Of(content, TileEncoding.Identity, DateTimeOffset.UnixEpoch);
    }

    private static long Disk(string folder)
    {
        using var du = Process.Start(new ProcessStartInfo("du", ["-sk", folder]) { RedirectStandardOutput = true })!;
        return long.Parse(du.StandardOutput.ReadToEnd().Split('\t')[0], CultureInfo.InvariantCulture) * 1024;
    }

    private static async Task InFolderAsync(Func<string, Task> work)
    {
        var folder = Directory.CreateTempSubdirectory("geowps-bench-").FullName;
        try
        {
            await work(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CloseAsync(ITileStore store)
    {
        if (store is IAsyncDisposable closing)
        {
            await closing.DisposeAsync();
        }
    }

    private sealed class NoGrids : ITileGrids
    {
        public TileMatrixSet? Find(string id) => null;
    }
}
