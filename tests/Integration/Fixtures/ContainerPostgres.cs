using Npgsql;
using Testcontainers.PostgreSql;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A PostgreSQL in a container of its own, which goes with it, and with the process that runs the tests (Testcontainers' reaper).</summary>
internal sealed class ContainerPostgres : IPostgresWay
{
    private const string Image = "postgis/postgis:15-3.4";

    private PostgreSqlContainer? _container;
    private int _databases;

    public Task InitializeAsync()
    {
        // Made late: without an engine the builder itself fails. Its port stays when it is started again.
        _container = new PostgreSqlBuilder(Image).WithUsername("geowps").WithPortBinding(FreePorts.Next(), 5432).Build();
        return _container.StartAsync();
    }

    public async Task<string> CreateDatabaseAsync(params string[] extensions)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";

        // From the template that has nothing: the image puts PostGIS into the databases that it makes itself.
        await PostgresServer.RunAsync(ConnectionTo("postgres"), $"CREATE DATABASE {name} TEMPLATE template0");
        foreach (var extension in extensions)
        {
            await PostgresServer.RunAsync(ConnectionTo(name), $"CREATE EXTENSION \"{extension}\"");
        }

        return ConnectionTo(name);
    }

    public Task StopAsync()
    {
        NpgsqlConnection.ClearAllPools();
        return _container!.StopAsync();
    }

    public async Task CrashAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _container!.ExecAsync(["sh", "-c", "kill -QUIT 1"]);
        await _container.StopAsync();
    }

    public Task StartAgainAsync() => _container!.StartAsync();

    public async Task DisposeAsync()
    {
        if (_container is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await _container.DisposeAsync();
        }
    }

    private string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(_container!.GetConnectionString()) { Database = database, IncludeErrorDetail = true }.ToString();
}
