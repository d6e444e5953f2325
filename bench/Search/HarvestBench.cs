using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Bench.Tiles;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using GeoWps.Tests.Unit.Records.Harvesting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static GeoWps.Bench.Report;

namespace GeoWps.Bench.Search;

/// <summary>
/// A source of 100,000 records that can only be read whole, harvested into SQLite and into PostgreSQL: at first, without a change, with a hundredth changed, with a hundredth gone.
/// And into a PostgreSQL whose statistics lag behind, as in the minute after a first harvest: they are of few records with many keywords each. It plans each statement anew, as it does for a server of many connections.
/// </summary>
internal static class HarvestBench
{
    private const int Rounds = 3;
    private const int Records = SearchBench.Records;
    private const int Some = 1_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var (sqlite, postgres, lagging) = (new List<double[]>(), new List<double[]>(), new List<double[]>());
        for (var round = 1; round <= Rounds; round++)
        {
            sqlite.Add(await StepAsync($"SQLite, round {round}", SqliteAsync));
            postgres.Add(await StepAsync($"PostgreSQL, round {round}", () => PostgresAsync(lags: false)));
            lagging.Add(await StepAsync($"PostgreSQL with old statistics, round {round}", () => PostgresAsync(lags: true)));
        }

        string[] runs = ["the first harvest of 100,000 records", "the same without a change", "the same with 1,000 changed", "the same with 1,000 gone"];
        Figure FigureOf(string store, int run, List<double[]> times)
        {
            var (here, there) = (Median(times.Select(round => round[run])), Median(sqlite.Select(round => round[run])));
            return new Figure($"{runs[run]}, {store}", Seconds(here), $"SQLite: {Seconds(there)}", "at most 3.00 times as long", here <= 3 * there);
        }

        return [.. runs.SelectMany((_, run) => (Figure[])[FigureOf("PostgreSQL", run, postgres), FigureOf("PostgreSQL with old statistics", run, lagging)])];
    }

    private static string Seconds(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + " s";

    private static async Task<double[]> SqliteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("geowps-bench-");
        try
        {
            using var database = SearchBench.Open(folder.FullName);
            return await HarvestAsync(SearchBench.Store(database));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double[]> PostgresAsync(bool lags)
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var database = await PostgresDatabase.OpenAsync(postgres.ConnectionString + (lags ? ";Auto Prepare Min Usages=1000000" : ""), TimeSpan.FromSeconds(10), NullLogger.Instance, CancellationToken.None);
        var store = new PostgresRecordStore(database, Options.Create(new RecordsOptions()));
        if (lags)
        {
            await store.PutAsync([.. ManyRecords.Make("files", 300, 2).Select(record => record with { Keywords = [.. Enumerable.Range(0, 20).Select(i => $"field {i}")] })], CancellationToken.None);
            foreach (var sql in (string[])["ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()", "ANALYZE"])
            {
                await database.ExecuteAsync(sql, mayRepeat: false, CancellationToken.None);
            }
        }

        return await HarvestAsync(store);
    }

    /// <returns>Seconds of each run.</returns>
    private static async Task<double[]> HarvestAsync(IRecordStore store)
    {
        var (sources, reader) = (new MemorySources(), new WholeReader());
        await sources.TryAddAsync(new HarvestSource("archive", reader.Kind, null, "{}", default), CancellationToken.None);
        var harvest = new HarvestRecords(sources, store, [reader], Options.Create(new HarvestingOptions()), TimeProvider.System, NullLogger<HarvestRecords>.Instance);
        var all = ManyRecords.Make("archive", Records, 1).ToList();
        var changed = all.Select((record, i) => i % (Records / Some) == 0 ? record with { Title = record.Title + " (new)", Version = "2" } : record).ToList();
        var left = changed.Where((_, i) => i % (Records / Some) != 1).ToList();
        return
        [
            await RunAsync(all, (Records, 0, 0)),
            await RunAsync(all, (0, 0, 0)),
            await RunAsync(changed, (0, Some, 0)),
            await RunAsync(left, (0, 0, Some)),
        ];

        async Task<double> RunAsync(List<CatalogueRecord> records, (long, long, long) expected)
        {
            reader.Records = records;
            var began = Stopwatch.GetTimestamp();
            var state = await harvest.ExecuteAsync("archive", "bench", null, _ => { }, CancellationToken.None);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            return state is { Error: null } && (state.Added, state.Changed, state.Removed) == expected ? seconds : throw new InvalidOperationException($"the harvest did something else: {state}");
        }
    }

    /// <summary>A source in memory, without a mark.</summary>
    private sealed class WholeReader : IHarvestReader
    {
        public IReadOnlyList<CatalogueRecord> Records { get; set; } = [];

        public string Kind => "whole";

        public IReadOnlyList<string> Settings => [];

        public void Check(JsonElement settings, List<Mistake> mistakes)
        {
        }

        public Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken) =>
            Task.FromResult<HarvestReading>(new HarvestReading.Whole(Records.ToAsyncEnumerable(), () => null));
    }
}
