using System.Diagnostics;
using System.Globalization;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static GeoWps.Bench.Report;

namespace GeoWps.Bench.Search;

/// <summary>
/// A search of 100,000 records over HTTP: the first page with the number of all that fit, alone and while a harvest stores records into the same file; beside it, in turns, what a plain <c>LIKE</c> over
/// titles takes in the same file without a server. And three such nodes behind a gateway, beside the slowest of them alone.
/// </summary>
internal static class SearchBench
{
    public const int Records = 100_000;
    public const string FourFacets = "&facets=type,keywords,source,classification";

    private const int Rounds = 5;

    // The gateway and two of the nodes have done nothing before: their code is compiled anew after some thirty calls, and once more after that.
    private const int WarmUp = 15;
    private const int Batch = 1_000;

    public static string[] Settings { get; } = ["--Python:Execution", "None", "--Logging:LogLevel:Default", "Warning"];

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var root = Directory.CreateTempSubdirectory("geowps-bench-").FullName;
        var nodes = new List<ServerProcess>();
        try
        {
            string[] folders = [.. Enumerable.Range(0, 3).Select(i => Path.Combine(root, $"node{i}"))];
            var stored = new List<double>();
            for (var i = 0; i < folders.Length; i++)
            {
                stored.Add(await StepAsync($"storing {Records:N0} records of node {i + 1}", () => FillAsync(folders[i], i + 1)));
                nodes.Add(await ServerProcess.StartAsync(folders[i], "/conformance", Settings));
            }

            var alone = await StepAsync("searching", () => SearchAsync(nodes[0].Client, ""));
            var withFacets = await StepAsync("searching, with facets", () => SearchAsync(nodes[0].Client, FourFacets));
            var like = await StepAsync("LIKE", () => LikeAsync(Path.Combine(folders[0], "records.db")));
            List<double> during;
            int harvested;
            using (var database = Open(folders[0]))
            {
                (during, harvested) = await StepAsync("searching while a harvest runs", () => DuringHarvestAsync(nodes[0].Client, Store(database)));
            }

            await using var gateway = await GatewayAsync(Path.Combine(root, "gateway"), nodes.Select(node => node.Client));
            var (whole, single, atOnce) = await StepAsync("three nodes behind a gateway", () => TogetherAsync(gateway.Client, nodes.ConvertAll(node => node.Client)));
            List<double> slowest = [.. single[0].Select((_, i) => single.Max(node => node[i]))];
            var (apart, apartSlowest) = await StepAsync("three nodes that cost nothing here", () => ApartAsync(nodes, single));
            var left = await StepAsync("with one node down", () => WithoutOneAsync(gateway, nodes));
            return
            [
                new Figure("search of 100,000 records, p95", Milliseconds(At(alone, 0.95)), $"LIKE over titles, p95: {Milliseconds(At(like, 0.95))}", "below 50 ms", At(alone, 0.95) < 50),
                new Figure("the same, median", Milliseconds(At(alone, 0.5)), $"LIKE over titles: {Milliseconds(At(like, 0.5))}", null, null),
                new Figure("the same with four facets, p95", Milliseconds(At(withFacets, 0.95)), null, null, null),
                new Figure("while a harvest is running, p95", Milliseconds(At(during, 0.95)), string.Create(CultureInfo.InvariantCulture, $"{harvested:N0} records stored meanwhile"), "below 50 ms", At(during, 0.95) < 50),
                new Figure("storing 10,000 records", Milliseconds(Median(stored) * 1000 * 10_000 / Records), null, null, null),
                new Figure("three nodes on machines of their own (their answers and times, remembered), mean against that of the slowest alone", Ratio(apart.Average() / apartSlowest.Average()), $"{Milliseconds(apart.Average())} to {Milliseconds(apartSlowest.Average())}", "at most 1.50", apart.Average() / apartSlowest.Average() <= 1.5),
                new Figure("three nodes on the gateway's and the caller's two cores, mean against that of the slowest alone", Ratio(whole.Average() / slowest.Average()), $"{Milliseconds(whole.Average())} to {Milliseconds(slowest.Average())}", null, null),
                new Figure("three nodes without the gateway: the same three searches at once, mean against that of the slowest alone", Ratio(atOnce.Average() / slowest.Average()), $"{Milliseconds(atOnce.Average())} to {Milliseconds(slowest.Average())}: what {Environment.ProcessorCount} cores give", null, null),
                new Figure("three nodes, mean against that of the same three searches at once", Ratio(whole.Average() / atOnce.Average()), $"{Milliseconds(whole.Average())} to {Milliseconds(atOnce.Average())}", null, null),
                new Figure("three nodes, median against that of the slowest alone", Ratio(At(whole, 0.5) / At(slowest, 0.5)), $"{Milliseconds(At(whole, 0.5))} to {Milliseconds(At(slowest, 0.5))}", null, null),
                new Figure("three nodes, p95 against that of the slowest alone", Ratio(At(whole, 0.95) / At(slowest, 0.95)), $"{Milliseconds(At(whole, 0.95))} to {Milliseconds(At(slowest, 0.95))}", null, null),
                new Figure("with one node down: says so", left ? "yes" : "no", null, "yes", left),
                .. await PostgresSearch.RunAsync(root),
            ];
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }

            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<double> FillAsync(string folder, int seed)
    {
        Directory.CreateDirectory(folder);
        using var database = Open(folder);
        return await FillAsync(Store(database), seed);
    }

    /// <returns>Seconds.</returns>
    public static async Task<double> FillAsync(IRecordStore store, int seed)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var some in ManyRecords.Make("archive", Records, seed).Chunk(10_000))
        {
            await store.PutAsync(some, CancellationToken.None);
        }

        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Searches while records are stored as quickly as it goes, in another process than the server.</summary>
    public static async Task<(List<double> Times, int Stored)> DuringHarvestAsync(HttpClient client, IRecordStore store)
    {
        using var enough = new CancellationTokenSource();
        var harvest = Task.Run(() => HarvestAsync(store, enough.Token));
        var during = await SearchAsync(client, "");
        await enough.CancelAsync();
        return (during, await harvest);
    }

    private static async Task<int> HarvestAsync(IRecordStore store, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var some in ManyRecords.Make("harvest", 1_000_000, 77).Chunk(Batch))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            await store.PutAsync(some, CancellationToken.None);
            count += some.Length;
        }

        return count;
    }

    public static async Task<List<double>> SearchAsync(HttpClient client, string more)
    {
        var times = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var words in ManyRecords.Searches)
            {
                var time = await OneAsync(client, words, more);
                if (round > 0)
                {
                    times.Add(time);
                }
            }
        }

        return times;
    }

    public static async Task<double> OneAsync(HttpClient client, string words, string more = "")
    {
        var began = Stopwatch.GetTimestamp();
        await client.GetByteArrayAsync(Address(words, more));
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    public static Uri Address(string words, string more = "") => new($"/search?q={Uri.EscapeDataString(words)}{more}", UriKind.Relative);

    private static Task<ServerProcess> GatewayAsync(string folder, IEnumerable<HttpClient> nodes) => ServerProcess.StartAsync(
        folder, "/conformance", "--Node:Role", "Gateway", "--Discovery:Nodes", string.Join(',', nodes.Select(node => node.BaseAddress)), "--Logging:LogLevel:Default", "Warning");

    // Here all nodes share two cores, where each has its own otherwise. So they are asked once more, as if they did: what is left is the gateway, and to wait for the slowest.
    private static async Task<(List<double> Whole, List<double> Slowest)> ApartAsync(List<ServerProcess> nodes, List<double>[] single)
    {
        var apart = new List<RememberedNode>();
        try
        {
            for (var i = 0; i < nodes.Count; i++)
            {
                var times = ManyRecords.Searches.Select((_, at) => At([.. single[i].Where((_, k) => k % ManyRecords.Searches.Length == at)], 0.5));
                apart.Add(await RememberedNode.StartAsync(nodes[i], [.. times]));
            }

            await using var gateway = await GatewayAsync(Path.Combine(nodes[0].Folder, "apart"), apart.Select(node => node.Client));
            var (whole, alone, _) = await TogetherAsync(gateway.Client, apart.ConvertAll(node => node.Client));
            return (whole, [.. alone[0].Select((_, i) => alone.Max(node => node[i]))]);
        }
        finally
        {
            foreach (var node in apart)
            {
                node.Dispose();
            }
        }
    }

    private static Task<List<double>> LikeAsync(string file) => Task.Run(() =>
    {
        var times = new List<double>();
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false");
        connection.Open();
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var words in ManyRecords.Searches)
            {
                var began = Stopwatch.GetTimestamp();
                string[] each = words.Split(' ');
                var where = string.Join(" AND ", each.Select((_, i) => $"title LIKE @w{i}"));
                foreach (var sql in (string[])[$"SELECT count(*) FROM records WHERE {where}", $"SELECT id, title FROM records WHERE {where} LIMIT 10"])
                {
                    using var command = connection.CreateCommand();
                    command.CommandText = sql;
                    for (var i = 0; i < each.Length; i++)
                    {
                        command.Parameters.AddWithValue($"@w{i}", $"%{each[i].Trim('"')}%");
                    }

                    using var row = command.ExecuteReader();
                    while (row.Read())
                    {
                    }
                }

                if (round > 0)
                {
                    times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            }
        }

        return times;
    });

    // They take turns search by search, so that what else the machine does hits all of them.
    private static async Task<(List<double> Whole, List<double>[] Single, List<double> AtOnce)> TogetherAsync(HttpClient gateway, List<HttpClient> nodes)
    {
        var (whole, single, atOnce) = (new List<double>(), nodes.ConvertAll(_ => new List<double>()).ToArray(), new List<double>());
        for (var round = -WarmUp; round < Rounds; round++)
        {
            foreach (var words in ManyRecords.Searches)
            {
                var times = new double[nodes.Count];
                for (var i = 0; i < nodes.Count; i++)
                {
                    times[i] = await OneAsync(nodes[i], words);
                }

                var together = await OneAsync(gateway, words);
                var began = Stopwatch.GetTimestamp();
                await Task.WhenAll(nodes.Select(node => OneAsync(node, words)));
                var straight = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                if (round >= 0)
                {
                    atOnce.Add(straight);
                    whole.Add(together);
                    for (var i = 0; i < nodes.Count; i++)
                    {
                        single[i].Add(times[i]);
                    }
                }
            }
        }

        return (whole, single, atOnce);
    }

    private static async Task<bool> WithoutOneAsync(ServerProcess gateway, List<ServerProcess> nodes)
    {
        await nodes[2].StopAsync();
        var answer = await gateway.Client.GetStringAsync(new Uri("/search?q=flood", UriKind.Relative));
        return answer.Contains("\"incomplete\":[", StringComparison.Ordinal) && answer.Contains("\"rank\":", StringComparison.Ordinal);
    }

    public static SqliteRecordsDatabase Open(string folder) => new(SqliteRecordsDatabase.Open(Path.Combine(folder, "records.db"), NullLogger.Instance));

    public static SqliteRecordStore Store(SqliteRecordsDatabase database) => new(database, Options.Create(new RecordsOptions()));

    public static double At(List<double> times, double part)
    {
        var sorted = times.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
    }
}
