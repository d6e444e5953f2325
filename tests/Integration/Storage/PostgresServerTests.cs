using GeoWps.Tests.Integration.Fixtures;
using Npgsql;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>The fixture itself: that it is real, separate and gone afterwards.</summary>
public sealed class PostgresServerTests
{
    [InstalledPostgresFact]
    public async Task A_database_of_the_installed_server_is_empty_and_has_the_extensions_that_were_asked_for()
    {
        var server = new InstalledPostgres();
        await ShouldServeAsync(server);
        Directory.Exists(server.Folder).ShouldBeFalse();
    }

    [ContainerFact]
    public Task A_database_in_a_container_is_empty_and_has_the_extensions_that_were_asked_for() => ShouldServeAsync(new ContainerPostgres());

    private static async Task ShouldServeAsync(IPostgresWay server)
    {
        await server.InitializeAsync();
        var with = await server.CreateDatabaseAsync("postgis");
        var without = await server.CreateDatabaseAsync();

        (await TextAsync(with, "SELECT ST_AsText(ST_MakePoint(1, 2))")).ShouldBe("POINT(1 2)");
        (await TextAsync(without, "SELECT count(*)::text FROM pg_extension WHERE extname = 'postgis'")).ShouldBe("0");
        await server.DisposeAsync();
        await Should.ThrowAsync<NpgsqlException>(() => TextAsync(without, "SELECT ''"));
    }

    private static async Task<string?> TextAsync(string connection, string sql)
    {
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        return (string?)await command.ExecuteScalarAsync();
    }
}
