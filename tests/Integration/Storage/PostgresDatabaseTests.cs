using GeoWps.Adapters.Storage;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Storage;

public sealed class PostgresDatabaseTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task Ten_nodes_that_start_at_once_on_an_empty_database_make_the_tables_once()
    {
        var connection = await server.CreateDatabaseAsync();

        var nodes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Databases.OpenAsync(connection))));

        nodes.Select(node => node.Node).ShouldBeUnique();
        (await nodes[0].AllAsync("SELECT version FROM geowps.schema_version ORDER BY version", row => row.GetInt32(0), true, CancellationToken.None))
            .ShouldBe(Enumerable.Range(1, PostgresSchema.Newest));
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task All_nodes_agree_on_what_the_first_has_made()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = await Databases.OpenAsync(connection);

        var agreed = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => database.AgreeAsync("token", () => $"of {i}", CancellationToken.None)));

        agreed.Select(each => each.Value).Distinct().ShouldHaveSingleItem();
        agreed.Count(each => each.IsNew).ShouldBe(1);
    }

    [PostgresFact]
    public async Task A_database_of_a_newer_program_is_refused_and_left_alone()
    {
        var connection = await server.CreateDatabaseAsync();
        await (await Databases.OpenAsync(connection)).DisposeAsync();
        await PostgresServer.RunAsync(connection, "INSERT INTO geowps.schema_version (version, name) VALUES (99, '099-later')");

        var refusal = await Should.ThrowAsync<StorageUnavailableException>(() => Databases.OpenAsync(connection));

        refusal.Message.ShouldContain($"schema version 99, this program knows versions up to {PostgresSchema.Newest}");
    }

    [PostgresFact]
    public async Task A_script_that_fails_leaves_nothing()
    {
        var connection = await server.CreateDatabaseAsync();
        await PostgresServer.RunAsync(connection, "CREATE SCHEMA geowps; CREATE TABLE geowps.idempotency (a integer)");

        await Should.ThrowAsync<StorageUnavailableException>(() => Databases.OpenAsync(connection));

        await PostgresServer.RunAsync(connection, "DROP TABLE geowps.idempotency");
        await (await Databases.OpenAsync(connection)).DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_line_for_the_operator()
    {
        var error = await Should.ThrowAsync<StorageUnavailableException>(() => Databases.OpenAsync($"Host=127.0.0.1;Port={FreePorts.Next()};Username=a;Password=secret;Timeout=5"));

        error.Message.ShouldStartWith("Storage:ConnectionString: PostgreSQL can't be used; ");
        error.Message.ShouldNotContain("secret");
        error.Message.ShouldNotContain("\n");
    }
}
