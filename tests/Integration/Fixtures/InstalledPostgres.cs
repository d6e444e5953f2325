using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>
/// A private PostgreSQL of the installed packages: on a free port and a socket in a folder of its own, not safe against power cuts and so quick to
/// start. It ends with the process that runs the tests, however that ends.
/// </summary>
internal sealed class InstalledPostgres : IPostgresWay
{
    private const string User = "geowps";

    // Reading stdin ends when the tests' process does; until then it is the server's keeper.
    private const string Keeper = """
        umask 077
        "$1/initdb" --pgdata="$2/data" --username="$3" --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$2/initdb.log" 2>&1 || { cat "$2/initdb.log" >&2; exit 1; }
        start() {
          "$1/postgres" -D "$2/data" -p "$4" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$2" -c fsync=off -c full_page_writes=off \
            -c synchronous_commit=off -c shared_buffers=64MB -c max_connections=200 -c logging_collector=off >>"$2/postgres.log" 2>&1 </dev/null &
          server=$!
        }
        stop() {
          kill -INT "$server" 2>/dev/null
          wait "$server"
        }
        crash() {
          kill -QUIT "$server" 2>/dev/null
          wait "$server"
        }
        start "$@"
        while read -r word; do "$word" "$@"; done
        stop
        rm -rf "$2"
        """;

    private static readonly Lazy<string?> Programs = new(FindPrograms);

    private string? _folder;
    private Process? _keeper;
    private int _port;
    private int _databases;

    /// <summary>The reason to skip; <see langword="null"/> where PostgreSQL is.</summary>
    public static string? WhyNot => Programs.Value is null ? "PostgreSQL is not installed (package postgresql)" : null;

    /// <summary>The folder of its socket and data.</summary>
    public string Folder => _folder!;

    public async Task InitializeAsync()
    {
        if (WhyNot is not null)
        {
            return;
        }

        // Somebody else may be quicker to take the port.
        for (var attempt = 1; !await TryStartAsync(); attempt++)
        {
            (attempt < 3).ShouldBeTrue("PostgreSQL does not start");
            await DisposeAsync();
        }
    }

    public async Task<string> CreateDatabaseAsync(params string[] extensions)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await PostgresServer.RunAsync(ConnectionTo("postgres"), $"CREATE DATABASE {name}");
        foreach (var extension in extensions)
        {
            await PostgresServer.RunAsync(ConnectionTo(name), $"CREATE EXTENSION \"{extension}\"");
        }

        return ConnectionTo(name);
    }

    public Task StopAsync() => EndAsync("stop");

    public Task CrashAsync() => EndAsync("crash");

    public async Task StartAgainAsync()
    {
        await _keeper!.StandardInput.WriteLineAsync("start");
        while (!await AnswersAsync())
        {
            await Task.Delay(20);
        }
    }

    public async Task DisposeAsync()
    {
        if (_keeper is not null)
        {
            NpgsqlConnection.ClearAllPools();
            _keeper.StandardInput.Close();
            await _keeper.WaitForExitAsync();
            _keeper.Dispose();
            _keeper = null;
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task EndAsync(string how)
    {
        NpgsqlConnection.ClearAllPools();
        await _keeper!.StandardInput.WriteLineAsync(how);
        while (await AnswersAsync())
        {
            await Task.Delay(20);
        }
    }

    private async Task<bool> TryStartAsync()
    {
        _port = FreePorts.Next();
        _folder = Directory.CreateTempSubdirectory("geowps-pg-").FullName;
        string[] shell = ["sh", "-c", Keeper, "keeper", Programs.Value!, _folder, User, _port.ToString(CultureInfo.InvariantCulture)];
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root.
            using var owner = Process.Start("chown", ["postgres:", _folder]);
            await owner.WaitForExitAsync();
            shell = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. shell];
        }

        _keeper = Process.Start(new ProcessStartInfo(shell[0], shell[1..]) { RedirectStandardInput = true, WorkingDirectory = "/" })!;
        var patience = Stopwatch.StartNew();
        while (!_keeper.HasExited && patience.Elapsed < TimeSpan.FromSeconds(60))
        {
            if (await AnswersAsync())
            {
                return true;
            }

            await Task.Delay(50);
        }

        return false;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await PostgresServer.RunAsync(ConnectionTo("postgres"), "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // Through the socket of the own folder nobody else's server answers.
    private string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _folder,
        Port = _port,
        Username = User,
        Database = database,
        IncludeErrorDetail = true,
    }.ToString();

    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> debian = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0).Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return debian.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}
