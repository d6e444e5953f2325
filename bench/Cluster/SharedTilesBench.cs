using System.Diagnostics;
using System.Globalization;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Adapters.Storage.Tiles.Pack;
using GeoWps.Adapters.Storage.Tiles.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Bench.Tiles;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static GeoWps.Bench.Report;

namespace GeoWps.Bench.Cluster;

/// <summary>What it costs that nodes share tiles and a queue, without HTTP: PostgreSQL flushes each commit to disk, on the same cores. Everything takes turns in the same run.</summary>
internal static class SharedTilesBench
{
    private const int Rounds = 3;
    private const int MetaTiles = 150;
    private const int AtOnce = 4;
    private const int TilesOfMetaTile = 16;
    private const int Reads = 1_500;
    private const int Claims = 100;
    private const int ShortQueue = 1_000;
    private const int LongQueue = 100_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("geowps-bench-").FullName;
        await using var postgres = await PrivatePostgres.StartAsync(isDurable: true);
        await using var database = await PostgresDatabase.OpenAsync(postgres.ConnectionString, TimeSpan.Zero, NullLogger.Instance, CancellationToken.None);
        await using var news = new PostgresNews(database, NullLogger.Instance);
        await using var turns = new PostgresTurns(database, news, TimeProvider.System, NullLogger<PostgresTurns>.Instance);
        await using var shared = new PostgresTileStore(database, NullLogger.Instance, turns);
        await using var packs = new PackTileStore(folder, NullLogger.Instance);
        try
        {
            await news.Ready;
            return [.. await SeedAsync(shared, new PostgresTileLocks(turns)), .. await ReadAsync(shared, packs), await ClaimAsync(database, postgres)];
        }
        finally
        {
            await packs.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Metatiles that cost nothing to make, so that storing and the lock are all there is; as many at once as seeding has threads.</summary>
    private static async Task<IEnumerable<Figure>> SeedAsync(PostgresTileStore store, PostgresTileLocks locks)
    {
        var (with, without) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            var (locked, free) = (
                await StepAsync($"stored with the lock of tiles, round {round}", () => TimeAsync($"locked{round}", async (tileset, number) =>
                {
                    var turn = await locks.TakeAsync(tileset, new MetaTile(14, RangeOf(number)), TimeSpan.Zero, anew: false, CancellationToken.None);
                    await store.PutAsync(Content(tileset, number), turn!, CancellationToken.None);
                    turn!.End(made: true);
                })),
                await StepAsync($"stored without, round {round}", () => TimeAsync($"free{round}", (tileset, number) => store.PutAsync(Content(tileset, number), CancellationToken.None))));
            if (round > 0)
            {
                with.Add(locked);
                without.Add(free);
            }
        }

        return [new($"seeding metatiles of {TilesOfMetaTile} that cost nothing to make, with the cluster's lock", $"{Ratio(Median(with) / Median(without))} times ({Milliseconds(Median(with))} each)", $"without: {Milliseconds(Median(without))}", null, null)];
    }

    private static async Task<IEnumerable<Figure>> ReadAsync(PostgresTileStore shared, PackTileStore packs)
    {
        var tileset = TilesetOf("read");
        foreach (var store in (ITileStore[])[shared, packs])
        {
            for (var number = 0; number < MetaTiles; number++)
            {
                await store.PutAsync(Content(tileset, number), CancellationToken.None);
            }
        }

        var figures = new List<Figure>();
        foreach (var (what, isThere) in new[] { ("hit", true), ("miss", false) })
        {
            var (ofShared, ofPacks) = (new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                var (one, other) = (
                    await StepAsync($"{what} in PostgreSQL, round {round}", () => ReadAsync(shared, tileset, isThere, round)),
                    await StepAsync($"{what} in packs, round {round}", () => ReadAsync(packs, tileset, isThere, round)));
                if (round > 0)
                {
                    ofShared.Add(one);
                    ofPacks.Add(other);
                }
            }

            figures.Add(new($"a tile's {what} in PostgreSQL, one after the other", $"{Milliseconds(Median(ofShared))}, {Ratio(Median(ofShared) / Median(ofPacks))} times the packs' on disk", $"packs: {(Median(ofPacks) * 1000).ToString("0.0", CultureInfo.InvariantCulture)} µs", null, null));
        }

        return figures;
    }

    /// <returns>Milliseconds of one.</returns>
    private static async Task<double> ReadAsync(ITileStore store, TilesetKey tileset, bool isThere, int seed)
    {
        var random = new Random(seed);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Reads; i++)
        {
            var key = KeyOf(tileset, random.Next(MetaTiles), random.Next(TilesOfMetaTile));
            if (await store.FindAsync(isThere ? key : key with { Tile = TileAt(key.Tile.Column, 100) }, CancellationToken.None) is not null != isThere)
            {
                throw new InvalidOperationException("A tile is where none should be, or the other way.");
            }
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds / Reads;
    }

    /// <summary>Jobs of a hundred processes that all can be claimed.</summary>
    private static async Task<Figure> ClaimAsync(PostgresDatabase database, PrivatePostgres postgres)
    {
        var jobs = new PostgresJobStore(database);
        string[] processes = [.. Enumerable.Range(0, 100).Select(i => $"native:p{i}")];
        var (few, many) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (length, into) in new[] { (ShortQueue, few), (LongQueue, many) })
            {
                var seconds = await StepAsync($"claims with {length} waiting, round {round}", async () =>
                {
                    await FillAsync(postgres, length);
                    var began = Stopwatch.GetTimestamp();
                    for (var i = 0; i < Claims; i++)
                    {
                        _ = await jobs.ClaimAsync("qgis", "bench", TimeSpan.FromMinutes(1), processes, CancellationToken.None) ?? throw new InvalidOperationException("The queue is empty.");
                    }

                    return Stopwatch.GetElapsedTime(began).TotalMilliseconds / Claims;
                });
                if (round > 0)
                {
                    into.Add(seconds);
                }
            }
        }

        return new($"a claim with {LongQueue} jobs waiting", $"{Milliseconds(Median(many))}, {Ratio(Median(many) / Median(few))} times", $"with {ShortQueue} waiting: {Milliseconds(Median(few))}", null, null);
    }

    private static async Task FillAsync(PrivatePostgres postgres, int count)
    {
        await using var command = new NpgsqlCommand(
            $"""
            TRUNCATE geowps.jobs CASCADE;
            INSERT INTO geowps.jobs (id, process, lane, priority, status, attempt, created, updated, progress, base_address, request, administered)
            SELECT lpad(to_hex(i), 32, '0'), 'native:p' || i % 100, 'qgis', 0, 'accepted', 0, i, i, 0, 'http://h/', '{"{}"}', false FROM generate_series(1, {count}) i;
            """,
            postgres.Connection);
        await command.ExecuteNonQueryAsync();
        await using var analyse = new NpgsqlCommand("VACUUM ANALYZE geowps.jobs", postgres.Connection);
        await analyse.ExecuteNonQueryAsync();
    }

    /// <returns>Milliseconds of one metatile.</returns>
    private static async Task<double> TimeAsync(string layer, Func<TilesetKey, int, Task> store)
    {
        var (tileset, next) = (TilesetOf(layer), -1);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            for (int number; (number = Interlocked.Increment(ref next)) < MetaTiles;)
            {
                await store(tileset, number);
            }
        }));
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds / MetaTiles;
    }

    private static TilesetKey TilesetOf(string layer) => new(layer, "WebMercatorQuad", TileFormat.Png);

    private static TileRange RangeOf(int number) => new(number * 4, 0, (number * 4) + 3, 3);

    private static TileIndex TileAt(int column, int row) => new(column, row);

    private static TileKey KeyOf(TilesetKey tileset, int number, int tile) => new(tileset, 14, TileAt((number * 4) + (tile % 4), tile / 4));

    /// <summary>Pictures of 2 to 10 kB, a quarter of them the same.</summary>
    private static KeyValuePair<TileKey, StoredTile>[] Content(TilesetKey tileset, int number)
    {
        var random = new Random(HashCode.Combine(tileset.Layer.Length, number));
        return [.. Enumerable.Range(0, TilesOfMetaTile).Select(tile =>
        {
            var content = new byte[tile % 4 == 0 ? 2_000 : random.Next(2_000, 10_000)];
            if (tile % 4 != 0)
            {
                random.NextBytes(content);
            }

            return KeyValuePair.Create(KeyOf(tileset, number, tile), StoredTile.Of(content, TileEncoding.Identity, DateTimeOffset.UnixEpoch));
        })];
    }
}
