using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GeoWps.Domain.Spatial;
using static GeoWps.Bench.Report;

namespace GeoWps.Bench.Tiles;

/// <summary>
/// What the server's processor spends on a tile that is kept, against nginx serving the same bytes as files. Both take turns in the same run, and each figure is the
/// median of its rounds; on a machine that others keep busy they still differ by a third from round to round. Then what seeding spends, against the encoder alone.
/// </summary>
internal static class ServingBench
{
    private const int Rounds = 3;
    private const int Seconds = 2;
    private const int MostTiles = 400;
    private const string Token = "token-of-the-bench";

    private static readonly string[] _settings = ["--Python:Execution", "None", "--Security:AdminToken", Token, "--VectorTiles:MemoryMb", "2048", "--Logging:LogLevel:Default", "Warning"];
    private static readonly string[] _noMemory = [.. _settings, "--Cache:Memory:Enabled", "false"];

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("geowps-bench-").FullName;
        var files = Directory.CreateTempSubdirectory("geowps-nginx-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "samples"));
            File.Copy(Path.Combine(Root, "samples", "world.gpkg"), Path.Combine(folder, "samples", "world.gpkg"));
            var figures = new List<Figure>();
            await using var nginx = await Nginx.StartAsync(files);
            Tile[] small, pictures;
            await using (var server = await StartAsync(folder, _settings))
            {
                await StepAsync("pictures", () => PublishNoiseAsync(server.Client, files));
                small = await StepAsync("vector tiles", () => ExportAsync(server.Client, nginx, files, Enumerable.Range(4, 3).SelectMany(zoom => Addresses("countries", zoom, "pbf").Concat(Addresses("places", zoom, "pbf"))).Where((_, at) => at % 7 == 0)));
                pictures = await StepAsync("pictures", () => ExportAsync(server.Client, nginx, files, Addresses("noise", 4, "png")));
                figures.Add(await MeasureAsync("memory, vector tiles", server, nginx, small, held: false, 1.5));
                figures.Add(await MeasureAsync("memory, pictures", server, nginx, pictures, held: false, 2));
                figures.Add(await MeasureAsync("memory, 304", server, nginx, small, held: true, 2));
                await server.StopAsync();
            }

            await using (var server = await StartAsync(folder, _noMemory))
            {
                figures.Add(await MeasureAsync("pack, vector tiles", server, nginx, small, held: false, 2));
                figures.Add(await MeasureAsync("pack, pictures", server, nginx, pictures, held: false, 2));
                figures.Add(await MeasureAsync("pack, 304", server, nginx, small, held: true, null));
                await server.StopAsync();
            }

            await using (var server = await StartAsync(folder, [.. _noMemory, "--Cache:Persistent:Provider", "File"]))
            {
                figures.Add(await MeasureAsync("a file a tile, vector tiles", server, nginx, small, held: false, null));
                await server.StopAsync();
            }

            await using (var server = await StartAsync(folder, _settings))
            {
                await SeedAsync(server, files, figures);
            }

            return figures;
        }
        finally
        {
            Directory.Delete(files, recursive: true);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<ServerProcess> StartAsync(string folder, IEnumerable<string> settings)
    {
        var server = await ServerProcess.StartAsync(folder, "/collections/urban_areas", settings);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return server;
    }

    private static async Task<bool> PublishNoiseAsync(HttpClient client, string files)
    {
        var file = Path.Combine(files, "noise.mbtiles");
        await NoisyTiles.WriteAsync(file, 4);
        await using var data = File.OpenRead(file);
        using var body = new StreamContent(data) { Headers = { ContentType = new MediaTypeHeaderValue("application/vnd.mapbox-mbtiles") } };
        using var answer = await client.PostAsync(new Uri("/admin/layers?id=noise&filename=noise.mbtiles", UriKind.Relative), body);
        return answer.StatusCode == HttpStatusCode.Created ? true : throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    private static IEnumerable<string> Addresses(string layer, int zoom, string extension) =>
        from row in Enumerable.Range(0, 1 << zoom)
        from column in Enumerable.Range(0, 1 << zoom)
        select $"/xyz/{layer}/{zoom}/{column}/{row}.{extension}";

    /// <summary>Gets tiles that have something in them, as they are sent, and gives the same bytes to nginx under the same address.</summary>
    private static async Task<Tile[]> ExportAsync(HttpClient client, Nginx nginx, string files, IEnumerable<string> addresses)
    {
        var tiles = new List<Tile>();
        foreach (var address in addresses)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("gzip") } } };
            using var answer = await client.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                continue;
            }

            var content = await answer.Content.ReadAsByteArrayAsync();
            var file = Path.Combine(files, "files", address[1..]);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, content);
            using var theirs = await client.GetAsync(new Uri(nginx.Address, address));
            var same = await theirs.Content.ReadAsByteArrayAsync();
            if (!content.AsSpan().SequenceEqual(same) || !answer.Content.Headers.ContentEncoding.SequenceEqual(theirs.Content.Headers.ContentEncoding))
            {
                throw new InvalidOperationException($"nginx answers something else: {address}");
            }

            tiles.Add(new Tile(address, content.Length, answer.Headers.ETag!.ToString(), theirs.Headers.ETag!.ToString()));
            if (tiles.Count == MostTiles)
            {
                break;
            }
        }

        return [.. tiles];
    }

    /// <param name="held">The client holds the tiles, and asks whether they are still right.</param>
    private static Task<Figure> MeasureAsync(string name, ServerProcess server, Nginx nginx, Tile[] tiles, bool held, double? goal) => StepAsync(name, async () =>
    {
        var (ours, theirs) = (new List<double>(), new List<double>());

        // Once before: what is compiled then, or is not kept yet, is not measured.
        await OursAsync(3 * Seconds);
        await TheirsAsync();
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await OursAsync(Seconds));
            theirs.Add(await TheirsAsync());
        }

        var ratio = Median(ours) / Median(theirs);
        return new Figure(
            string.Create(CultureInfo.InvariantCulture, $"{name}: {tiles.Length} of {tiles.Average(tile => tile.Bytes) / 1000:0.0} kB"),
            Spent(ours),
            $"nginx {Spent(theirs)}: {Ratio(ratio)} times",
            goal is { } most ? string.Create(CultureInfo.InvariantCulture, $"at most {most:0.0} times") : null,
            goal is null ? null : ratio <= goal);

        Task<double> OursAsync(int seconds) => Load.RunAsync(server.Client.BaseAddress!, tiles.Select(tile => held ? $"{tile.Address} {tile.Ours}" : tile.Address), seconds, server.Id);

        Task<double> TheirsAsync() => Load.RunAsync(nginx.Address, tiles.Select(tile => held ? $"{tile.Address} {tile.Theirs}" : tile.Address), Seconds, nginx.Processes);
    });

    private static string Spent(List<double> rounds) => string.Create(CultureInfo.InvariantCulture, $"{Median(rounds):0.0} µs ({rounds.Min():0.0} to {rounds.Max():0.0})");

    /// <summary>All of countries from memory, encoded, packed and stored; and pictures that are there already, read and stored.</summary>
    private static async Task SeedAsync(ServerProcess server, string files, List<Figure> figures)
    {
        using var answer = await server.Client.PatchAsJsonAsync(new Uri("/admin/layers/countries", UriKind.Relative), new { tiles = new { simplification = 0.5 } });
        answer.EnsureSuccessStatusCode();
        await SeedAsync(server, "countries", 7);
        var seeded = await StepAsync("seeding", () => SeedAsync(server, "countries", 7));
        var alone = await StepAsync("encoding", () => Task.FromResult(EncodeBench.Ours(Path.Combine(Root, "samples", "world.gpkg"), "countries", 200, 2048, 0, 7, Extent.World, 3)[^1]));
        figures.Add(new Figure("seeding countries, zoom 0 to 7, from memory", Rate(seeded), $"the encoder alone, unpacked and unstored, {Rate(alone.PerSecond)}: {Ratio(seeded / alone.PerSecond)} times", null, null));
        await SeedAsync(server, "noise", 4);
        var pictures = await StepAsync("seeding", () => SeedAsync(server, "noise", 4, times: 50));
        var theirs = await StepAsync("mapcache_seed", async () => await OtherTools.MapCacheAsync(await ExportAsync(server.Client, files), 4, times: 10, files));
        figures.Add(new Figure(
            "seeding ready-made pictures",
            Rate(pictures),
            theirs is { } rate ? $"mapcache_seed {Rate(rate)}: {Ratio(pictures / rate)} times" : "nothing: mapcache_seed (mapcache-tools) is not installed",
            theirs is null ? null : "at least 1.0 times",
            theirs is null ? null : pictures >= theirs));
    }

    /// <summary>The same pictures as files, rows from the south.</summary>
    private static async Task<string> ExportAsync(HttpClient client, string files)
    {
        var folder = Path.Combine(files, "pictures");
        for (var zoom = 0; zoom <= 4; zoom++)
        {
            for (var at = 0; at < 1 << (2 * zoom); at++)
            {
                var (column, row) = (at >> zoom, at & ((1 << zoom) - 1));
                Directory.CreateDirectory(Path.Combine(folder, $"{zoom}", $"{column}"));
                await File.WriteAllBytesAsync(
                    Path.Combine(folder, $"{zoom}", $"{column}", $"{(1 << zoom) - 1 - row}.png"), await client.GetByteArrayAsync(new Uri($"/xyz/noise/{zoom}/{column}/{row}.png", UriKind.Relative)));
            }
        }

        return folder;
    }

    /// <param name="times">So often that the hundredths of a second, in which CPU is told, are many.</param>
    /// <returns>Tiles per second of CPU.</returns>
    private static async Task<double> SeedAsync(ServerProcess server, string layer, int zoom, int times = 1)
    {
        var (tiles, before) = (0.0, Load.TicksOf(server.Id));
        for (var time = 0; time < times; time++)
        {
            tiles += await SeedOnceAsync(server.Client, layer, zoom);
        }

        return tiles * 100 / (Load.TicksOf(server.Id) - before);
    }

    /// <returns>How many tiles there were, empty ones with them.</returns>
    private static async Task<double> SeedOnceAsync(HttpClient client, string layer, int zoom)
    {
        using var begun = await client.PostAsJsonAsync(new Uri($"/cache/{layer}/seed", UriKind.Relative), new { operation = "reseed", tileMatrixSet = "WebMercatorQuad", minZoom = 0, maxZoom = zoom });
        begun.EnsureSuccessStatusCode();
        for (var job = begun.Headers.Location!; ; await Task.Delay(20))
        {
            var status = await client.GetFromJsonAsync<JsonObject>(job);
            switch ((string?)status!["status"])
            {
                case "successful":
                    return await ResultAsync("tiles") + await ResultAsync("empty");
                case "failed" or "dismissed":
                    throw new InvalidOperationException(status.ToJsonString());
            }

            async Task<double> ResultAsync(string output) =>
                double.Parse(await client.GetStringAsync(new Uri($"{job}/results?outputs={output}")), CultureInfo.InvariantCulture);
        }
    }

    private static string Rate(double perSecond) => $"{perSecond.ToString("#,0", CultureInfo.InvariantCulture)} tiles/s";

    /// <param name="Ours">Its entity tag here.</param>
    /// <param name="Theirs">At nginx.</param>
    private sealed record Tile(string Address, int Bytes, string Ours, string Theirs);
}
