using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace GeoWps.Bench.Tiles;

/// <summary>Programs that others have made for the same work, as Debian packages them; what they cost is the CPU of their process, of one thread.</summary>
internal static partial class OtherTools
{
    /// <summary>GDAL's MVT driver (<c>ogr2ogr</c>) into an MBTiles file, unpacked, without limits.</summary>
    public static async Task<EncodeBench.Spent> GdalAsync(string file, string table, int first, int last, string folder)
    {
        var to = Path.Combine(folder, "gdal.mbtiles");
        var cpu = await RunAsync(
            folder, "ogr2ogr", "-q", "-f", "MVT", to, file, table, "-dsco", $"MINZOOM={first}", "-dsco", $"MAXZOOM={last}", "-dsco", "COMPRESS=NO", "-dsco", "BUFFER=64", "-dsco", "EXTENT=4096",
            "-dsco", "MAX_SIZE=100000000", "-dsco", "MAX_FEATURES=100000000", "--config", "GDAL_NUM_THREADS", "1");
        await using var tiles = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await tiles.OpenAsync();
        await using var count = tiles.CreateCommand();
        count.CommandText = "SELECT count(*), sum(length(tile_data)) FROM tiles";
        await using var row = await count.ExecuteReaderAsync();
        await row.ReadAsync();
        var spent = new EncodeBench.Spent(row.GetInt64(0), row.GetInt64(1), cpu);
        File.Delete(to);
        return spent;
    }

    /// <summary>mapcache_seed, from a folder of pictures (<c>zoom/column/row.png</c>, rows from the south) into its cache of a file a tile. Its start is not counted.</summary>
    /// <returns>Tiles per second of CPU; <see langword="null"/> where it is not installed.</returns>
    public static async Task<double?> MapCacheAsync(string pictures, int zoom, int times, string folder)
    {
        if (!File.Exists("/usr/bin/mapcache_seed"))
        {
            return null;
        }

        var (settings, to) = (Path.Combine(folder, "mapcache.xml"), Path.Combine(folder, "mapcache"));
        await File.WriteAllTextAsync(settings, $$"""
            <mapcache>
              <cache name="from" type="disk" layout="template"><template>{{pictures}}/{z}/{x}/{y}.png</template></cache>
              <cache name="to" type="disk"><base>{{to}}</base></cache>
              <format name="as-it-is" type="RAW"><extension>png</extension><mime_type>image/png</mime_type></format>
              <tileset name="from"><cache>from</cache><grid>GoogleMapsCompatible</grid><format>as-it-is</format></tileset>
              <tileset name="to"><cache>to</cache><grid>GoogleMapsCompatible</grid><format>as-it-is</format></tileset>
              <default_format>as-it-is</default_format>
              <service type="wmts" enabled="true"/>
              <locker type="disk"><directory>{{folder}}</directory></locker>
            </mapcache>
            """);
        var (all, alone, tiles) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        for (var time = 0; time < times; time++)
        {
            all += await SeedAsync(zoom);
            tiles += Directory.GetFiles(to, "*.png", SearchOption.AllDirectories).Length - 1;
            Directory.Delete(to, recursive: true);
            alone += await SeedAsync(0);
            Directory.Delete(to, recursive: true);
        }

        return tiles / (all - alone).TotalSeconds;

        Task<TimeSpan> SeedAsync(int last) => RunAsync(folder, "mapcache_seed", "-q", "-c", settings, "-m", "transfer", "-t", "from", "-x", "to", "-g", "GoogleMapsCompatible", "-z", $"0,{last}", "-n", "1");
    }

    /// <returns>CPU of the program and what it started.</returns>
    private static async Task<TimeSpan> RunAsync(string folder, string program, params string[] arguments)
    {
        // The shell tells what its children have spent, to the hundredth of a second.
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "\"$@\" >&2 && times", "sh", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder })!;
        var errors = shell.StandardError.ReadToEndAsync();
        var told = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return shell.ExitCode == 0
            ? TimeSpan.FromSeconds(Times().Matches(told).Skip(2).Sum(time => (60 * double.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture)) + double.Parse(time.Groups[2].Value, CultureInfo.InvariantCulture)))
            : throw new InvalidOperationException($"{program}: {await errors}");
    }

    [GeneratedRegex(@"(\d+)m([\d.]+)s")]
    private static partial Regex Times();
}
