using System.Globalization;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Records;
using GeoWps.Bench.Tiles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static GeoWps.Bench.Report;

namespace GeoWps.Bench.Search;

/// <summary>The same searches of the same 100,000 records where they are in PostgreSQL, on the same two cores.</summary>
internal static class PostgresSearch
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(string root)
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var database = await PostgresDatabase.OpenAsync(postgres.ConnectionString, TimeSpan.FromSeconds(10), NullLogger.Instance, CancellationToken.None);
        var store = new PostgresRecordStore(database, Options.Create(new RecordsOptions()));
        var stored = await StepAsync($"storing {SearchBench.Records:N0} records in PostgreSQL", () => SearchBench.FillAsync(store, 1));
        await using var node = await ServerProcess.StartAsync(
            Path.Combine(root, "postgres"), "/conformance", [.. SearchBench.Settings, "--Storage:Provider", "Postgres", "--Storage:ConnectionString", postgres.ConnectionString, "--Cache:Persistent:Enabled", "false"]);
        var alone = await StepAsync("searching in PostgreSQL", () => SearchBench.SearchAsync(node.Client, ""));
        var withFacets = await StepAsync("searching in PostgreSQL, with facets", () => SearchBench.SearchAsync(node.Client, SearchBench.FourFacets));
        var (during, harvested) = await StepAsync("searching in PostgreSQL while a harvest runs", () => SearchBench.DuringHarvestAsync(node.Client, store));
        return
        [
            new Figure("PostgreSQL: search of 100,000 records, p95", Milliseconds(SearchBench.At(alone, 0.95)), null, "below 50 ms", SearchBench.At(alone, 0.95) < 50),
            new Figure("PostgreSQL: the same, median", Milliseconds(SearchBench.At(alone, 0.5)), null, null, null),
            new Figure("PostgreSQL: the same with four facets, p95", Milliseconds(SearchBench.At(withFacets, 0.95)), null, null, null),
            new Figure("PostgreSQL: while a harvest is running, p95", Milliseconds(SearchBench.At(during, 0.95)), string.Create(CultureInfo.InvariantCulture, $"{harvested:N0} records stored meanwhile"), "below 50 ms", SearchBench.At(during, 0.95) < 50),
            new Figure("PostgreSQL: storing 10,000 records", Milliseconds(stored * 1000 * 10_000 / SearchBench.Records), null, null, null),
        ];
    }
}
