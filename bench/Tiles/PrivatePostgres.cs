using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace GeoWps.Bench.Tiles;

/// <summary>A PostgreSQL with PostGIS of this run alone, of the installed packages, reached by a socket in a folder of its own. It ends with this process.</summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Keeper = """
        "$1/initdb" --pgdata="$2/data" --username=geowps --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$2/log" 2>&1 || exit 1
        "$1/postgres" -D "$2/data" -p 27600 -c listen_addresses= -c unix_socket_directories="$2" -c jit=off -c shared_buffers=512MB \
          -c max_parallel_workers_per_gather=0 -c max_connections=200 -c fsync="$3" >>"$2/log" 2>&1 </dev/null &
        server=$!
        read -r _
        kill -INT "$server"
        wait "$server"
        rm -rf "$2"
        """;

    /// <summary>Only names the socket in its folder.</summary>
    public const int Port = 27600;

    private readonly Process _keeper;
    private readonly string _folder;

    private PrivatePostgres(Process keeper, string folder, NpgsqlConnection connection) => (_keeper, _folder, Connection) = (keeper, folder, connection);

    /// <summary>The only one: what its backend spends is what a statement costs.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>For those who need more than that one.</summary>
    public string ConnectionString => $"Host={Folder};Port={Port};Username=geowps;Database=postgres";

    /// <summary>Of its socket.</summary>
    public string Folder => _folder;

    /// <param name="isDurable">What is committed has reached the disk, as it has to where it is not only measured.</param>
    public static async Task<PrivatePostgres> StartAsync(bool isDurable = false)
    {
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin")).Last(folder => File.Exists(Path.Combine(folder, "initdb")));
        var folder = Directory.CreateTempSubdirectory("geowps-pg-").FullName;
        string[] shell = ["sh", "-c", Keeper, "keeper", programs, folder, isDurable ? "on" : "off"];
        if (Environment.IsPrivilegedProcess)
        {
            using var owner = Process.Start("chown", ["postgres:", folder]);
            await owner.WaitForExitAsync();
            shell = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. shell];
        }

        var keeper = Process.Start(new ProcessStartInfo(shell[0], shell[1..]) { RedirectStandardInput = true, WorkingDirectory = "/" })!;
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            var connection = new NpgsqlConnection($"Host={folder};Port={Port};Username=geowps;Database=postgres;Pooling=false;Command Timeout=0");
            try
            {
                await connection.OpenAsync();
                await using var command = new NpgsqlCommand("CREATE EXTENSION postgis", connection);
                await command.ExecuteNonQueryAsync();
                return new PrivatePostgres(keeper, folder, connection);
            }
            catch (NpgsqlException) when (!keeper.HasExited && patience.Elapsed < TimeSpan.FromSeconds(60))
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <summary>Loads a layer in Web Mercator, indexed, as <c>ogr2ogr</c> does it.</summary>
    /// <returns>The table's columns besides geometry and key.</returns>
    public async Task<string[]> LoadAsync(string file, string layer)
    {
        string[] arguments =
        [
            "-q", "-f", "PostgreSQL", $"PG:host={_folder} port={Port} user=geowps dbname=postgres", file, layer, "-nln", layer, "-t_srs", "EPSG:3857", "-clipsrc", "-180", "-85.06", "180", "85.06",
            "-nlt", "PROMOTE_TO_MULTI", "-lco", "GEOMETRY_NAME=geom", "-lco", "FID=fid", "-overwrite", "--config", "PG_USE_COPY", "YES",
        ];
        using var load = Process.Start(new ProcessStartInfo("ogr2ogr", arguments) { RedirectStandardError = true })!;
        var errors = await load.StandardError.ReadToEndAsync();
        await load.WaitForExitAsync();
        if (load.ExitCode != 0)
        {
            throw new InvalidOperationException(errors);
        }

        await using (var analyze = new NpgsqlCommand($"VACUUM ANALYZE {layer}", Connection))
        {
            await analyze.ExecuteNonQueryAsync();
        }

        await using var names = new NpgsqlCommand($"SELECT column_name::text FROM information_schema.columns WHERE table_name = '{layer}' AND column_name NOT IN ('geom', 'fid') ORDER BY ordinal_position", Connection);
        await using var rows = await names.ExecuteReaderAsync();
        var columns = new List<string>();
        while (await rows.ReadAsync())
        {
            columns.Add(rows.GetString(0));
        }

        return [.. columns];
    }

    /// <summary>What the backend has spent so far.</summary>
    public TimeSpan Spent()
    {
        var stat = File.ReadAllText($"/proc/{Connection.ProcessID}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }
}
