using System.Diagnostics;
using GeoWps.Tests.Integration.Fixtures;
using Npgsql;
using Xunit.Abstractions;

namespace GeoWps.Tests.Integration.Cluster;

// One cluster at a time: several on two cores take each other the time that probes have.
[Collection("Clusters")]
public sealed class ManyNodesTests(PostgresServer server, ITestOutputHelper output) : IClassFixture<PostgresServer>
{
    private const int Count = 10;

    [PostgresFact]
    public async Task Ten_nodes_that_start_at_once_on_an_empty_database_come_up_without_an_error()
    {
        var database = await server.CreateDatabaseAsync();
        var started = Stopwatch.StartNew();
        Task<RunningServer>[] starting =
        [
            .. Enumerable.Range(0, Count).Select(i => RunningServer.StartAsync(
                "--Storage:Provider", "Postgres", "--Storage:ConnectionString", database, "--Cache:Persistent:Enabled", "false", "--Python:Execution", "None", "--Node:Name", $"node{i}")),
        ];
        try
        {
            var nodes = await Task.WhenAll(starting);
            output.WriteLine($"{Count} nodes are ready after {started.Elapsed.TotalSeconds:0.0} s");

            var job = await SplitCluster.EchoAsync(nodes[0], "for all", pause: 0);
            await SplitCluster.EndedAsync(nodes[0], job);
            foreach (var node in nodes)
            {
                (await SplitCluster.SendAsync(node, HttpMethod.Get, $"jobs/{job}/results/literalOutput")).ShouldBe(200).Text.ShouldBe("for all");
                node.Errors.ShouldBeEmpty();
            }

            // A node is announced a moment after it is ready.
            var names = new List<string>();
            await SplitCluster.UntilAsync(async () => (names = await NamesAsync(database)).Count >= Count, () => $"all are announced: {string.Join(", ", names)}");
            names.ShouldBe(Enumerable.Range(0, Count).Select(i => $"node{i}"), ignoreOrder: true);
        }
        finally
        {
            await Task.WhenAll(starting).ContinueWith(_ => { }, TaskScheduler.Default);
            foreach (var node in starting.Where(one => one.IsCompletedSuccessfully).Select(one => one.Result))
            {
                await node.KillAsync();
                await node.DisposeAsync();
            }
        }
    }

    private static async Task<List<string>> NamesAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT name FROM geowps.nodes", connection);
        await using var row = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await row.ReadAsync())
        {
            names.Add(row.GetString(0));
        }

        return names;
    }
}
