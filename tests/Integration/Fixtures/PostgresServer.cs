using Npgsql;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>
/// The PostgreSQL with PostGIS that tests of this run have: a container where <c>GEOWPS_TEST_CONTAINERS=1</c> says so or an engine answers, else the
/// installed packages (<c>GEOWPS_TEST_CONTAINERS=0</c>: these in any case). The tests are the same.
/// </summary>
public sealed class PostgresServer : IPostgresServer, IAsyncLifetime
{
    private readonly IPostgresWay _way = Containers.AreUsed ? new ContainerPostgres() : new InstalledPostgres();

    /// <summary>The reason to skip; <see langword="null"/> where PostgreSQL is.</summary>
    public static string? WhyNot => Containers.AreUsed ? null : InstalledPostgres.WhyNot;

    /// <summary>Nothing where tests are skipped.</summary>
    public Task InitializeAsync() => WhyNot is null ? _way.InitializeAsync() : Task.CompletedTask;

    public Task<string> CreateDatabaseAsync(params string[] extensions) => _way.CreateDatabaseAsync(extensions);

    public Task DisposeAsync() => _way.DisposeAsync();

    /// <summary>Ends PostgreSQL, connections are cut; its databases stay.</summary>
    public Task StopAsync() => _way.StopAsync();

    /// <summary>The same without warning: what was committed is there again after the next start.</summary>
    public Task CrashAsync() => _way.CrashAsync();

    public Task StartAgainAsync() => _way.StartAgainAsync();

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Runs a statement, or several.</summary>
    public static async Task RunAsync(string connection, string sql)
    {
        // A pool would keep connections over a restart.
        await using var open = new NpgsqlConnection(connection + ";Pooling=false");
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What is committed outlives a crash, for connections from now on; the tests' PostgreSQL is quicker than that.</summary>
    public static Task KeepCommitsAsync(string connection) =>
        RunAsync(connection, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$");
}
