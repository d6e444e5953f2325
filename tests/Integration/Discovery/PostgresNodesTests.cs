using GeoWps.Adapters.Discovery.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Storage;
using GeoWps.Tests.Unit.Discovery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace GeoWps.Tests.Integration.Discovery;

public sealed class PostgresNodesTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(300);

    [PostgresFact]
    public Task The_registry_keeps_the_contract() =>
        ContractRun.RunAsync(async () => new PostgresContract(server, await server.CreateDatabaseAsync()), atLeast: 8);

    [PostgresFact]
    public async Task Ten_nodes_that_start_at_once_on_an_empty_database_are_all_there_without_a_word()
    {
        var database = await server.CreateDatabaseAsync();
        var log = new Words();
        var databases = Enumerable.Range(0, 10).Select(_ => new NodesDatabase(database)).ToArray();
        var announced = await Task.WhenAll(databases.Select((one, number) => Task.Run(() => new PostgresNodes(one, Beat, TimeProvider.System, log).AnnounceAsync(Node(number), CancellationToken.None))));

        await using (var watcher = new Watcher(new PostgresNodes(databases[0], Beat, TimeProvider.System, log)))
        {
            await watcher.UntilNamesAsync([.. Enumerable.Range(0, 10).Select(number => $"node{number}")]);
        }

        log.Lines.ShouldBeEmpty();
        foreach (var one in announced)
        {
            await one.DisposeAsync();
        }

        foreach (var one in databases)
        {
            await one.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task A_node_that_falls_silent_is_not_known_any_more_and_then_its_row_goes()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = new NodesDatabase(connection);
        var nodes = new PostgresNodes(database, Beat, TimeProvider.System, NullLogger<PostgresNodes>.Instance);
        await using var other = await nodes.AnnounceAsync(Node(2), CancellationToken.None);
        await using var watcher = new Watcher(nodes);
        await database.KeepAsync(Node(1), TimeSpan.FromHours(1), CancellationToken.None);
        await watcher.UntilNamesAsync("node1", "node2");

        // Its last beat.
        await database.KeepAsync(Node(1), 3 * Beat, CancellationToken.None);
        await watcher.UntilNamesAsync("node2");

        await EventuallyAsync(async () => await CountAsync(connection) == 1);
    }

    [PostgresFact]
    public async Task A_node_that_was_frozen_is_known_again_with_its_next_beat()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = new NodesDatabase(connection);
        await database.KeepAsync(Node(1), TimeSpan.Zero, CancellationToken.None);

        // Another reader, that only what is pushed can reach.
        var slow = new PostgresNodes(database, TimeSpan.FromSeconds(60), TimeProvider.System, NullLogger<PostgresNodes>.Instance);
        await PostgresServer.RunAsync(connection, "UPDATE geowps.nodes SET expires = now() - interval '1 day'; CREATE OR REPLACE FUNCTION geowps.known_nodes(lifetime interval, grace interval) RETURNS SETOF geowps.nodes LANGUAGE sql STABLE AS $$ SELECT * FROM geowps.nodes WHERE expires > now() - grace $$");
        await using var watcher = new Watcher(slow);
        await watcher.UntilNamesAsync();

        await database.KeepAsync(Node(1), TimeSpan.FromHours(1), CancellationToken.None);

        await watcher.UntilNamesAsync("node1");
    }

    [PostgresFact]
    public async Task An_earlier_run_at_the_same_address_goes_when_the_node_is_back()
    {
        await using var database = new NodesDatabase(await server.CreateDatabaseAsync());
        await database.KeepAsync(Node(1) with { Id = "earlier" }, TimeSpan.FromHours(1), CancellationToken.None);
        var nodes = new PostgresNodes(database, Beat, TimeProvider.System, NullLogger<PostgresNodes>.Instance);
        await using var announced = await nodes.AnnounceAsync(Node(1) with { Id = "later" }, CancellationToken.None);
        await using var watcher = new Watcher(nodes);

        (await watcher.UntilNamesAsync("node1")).Single().Id.ShouldBe("later");
    }

    [PostgresFact]
    public async Task A_database_that_was_away_for_longer_than_a_node_lives_loses_nobody()
    {
        await using var database = new NodesDatabase(await server.CreateDatabaseAsync());
        var nodes = new PostgresNodes(database, Beat, TimeProvider.System, NullLogger<PostgresNodes>.Instance);
        await using var announced = await nodes.AnnounceAsync(Node(1), CancellationToken.None);
        await using var watcher = new Watcher(nodes);
        await watcher.UntilNamesAsync("node1");

        await server.StopAsync();
        await Task.Delay(5 * Beat);
        await server.StartAgainAsync();
        await using var more = await nodes.AnnounceAsync(Node(0), CancellationToken.None);
        await watcher.UntilAsync(known => known.Count != 1);

        // The first news after the outage: not that there is nobody.
        watcher.Last!.Select(node => node.Name).ShouldBe(["node0", "node1"]);
    }

    [PostgresFact]
    public async Task A_table_of_a_newer_program_is_left_alone_and_said_so()
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = new NodesDatabase(connection);
        await database.KeepAsync(Node(1), TimeSpan.FromHours(1), CancellationToken.None);
        await PostgresServer.RunAsync(connection, "INSERT INTO geowps.nodes_schema VALUES (99)");
        var log = new Words();
        await using var older = new NodesDatabase(connection);

        await using var announced = await new PostgresNodes(older, Beat, TimeProvider.System, log).AnnounceAsync(Node(2), CancellationToken.None);

        log.Lines.ShouldHaveSingleItem().ShouldContain("the table of nodes is of a newer program (version 99, this one knows 1)");
        (await CountAsync(connection)).ShouldBe(1);
    }

    private static NodeEntry Node(int number) => new($"id{number}", $"node{number}", new Uri($"http://10.0.0.{number}:8080/"), ["tiles"]);

    private static async Task<long> CountAsync(string connection)
    {
        await using var open = new NpgsqlConnection(connection + ";Pooling=false");
        await open.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM geowps.nodes", open);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var look = 0; !await holds(); look++)
        {
            (look < 1200).ShouldBeTrue("it does not come");
            await Task.Delay(50);
        }
    }

    /// <summary>With a beat so slow that only what is pushed can be seen.</summary>
    private sealed class PostgresContract(PostgresServer server, string connection) : NodeRegistryContract
    {
        private readonly NodesDatabase _database = new(connection);

        internal override INodeRegistry Registry => new PostgresNodes(_database, TimeSpan.FromSeconds(60), TimeProvider.System, NullLogger<PostgresNodes>.Instance);

        public override Task InitializeAsync() => Task.CompletedTask;

        public override async Task DisposeAsync() => await _database.DisposeAsync();

        internal override Task TakeAwayAsync() => server.StopAsync();

        internal override Task BringBackAsync() => server.StartAgainAsync();
    }

    private sealed class Words : ILogger<PostgresNodes>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add(formatter(state, exception));
            }
        }
    }
}
