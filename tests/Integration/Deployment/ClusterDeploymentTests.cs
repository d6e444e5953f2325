using System.Net.Http.Headers;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Deployment;

/// <summary>What is deployed on one node of a cluster is deployed on all.</summary>
public sealed class ClusterDeploymentTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [PostgresQgisFact]
    public async Task What_one_node_takes_all_nodes_have_and_a_node_that_comes_later_too()
    {
        var database = await postgres.CreateDatabaseAsync();
        var nodes = await Task.WhenAll(StartAsync(database), StartAsync(database));
        await using var first = nodes[0];
        await using var second = nodes[1];
        await ReadyAsync(first);
        await ReadyAsync(second);

        (await StatusAsync(first, HttpMethod.Post, "processes", AdminServer.ScriptText("of-all", "n * 2"))).ShouldBe(201);
        await UntilAsync(second, "processes/script:of-all", 200);
        (await StatusAsync(second, HttpMethod.Post, "processes", AdminServer.ScriptText("of-all", "n * 9"))).ShouldBe(409);
        (await RunAsync(second, 4)).ShouldContain("8");

        // Replaced by the other one.
        (await StatusAsync(second, HttpMethod.Put, "processes/script:of-all", AdminServer.ScriptText("of-all", "n * 3"))).ShouldBe(204);
        await QgisServer.Until(async () => (await RunAsync(first, 4)).Contains("12", StringComparison.Ordinal), "the first has the new one");

        (await first.StopAsync()).ShouldBe(0);
        await using var third = await StartAsync(database);
        await ReadyAsync(third);
        await UntilAsync(third, "processes/script:of-all", 200);
        (await RunAsync(third, 5)).ShouldContain("15");

        (await StatusAsync(third, HttpMethod.Delete, "processes/script:of-all")).ShouldBe(204);
        await UntilAsync(second, "processes/script:of-all", 404);
        (await StatusAsync(second, HttpMethod.Delete, "processes/script:of-all")).ShouldBe(404);

        // Who was away does not bring it back: for a moment others may hear that it has it, and then nobody has.
        await first.StartAgainAsync();
        await ReadyAsync(first);
        await UntilAsync(first, "processes/script:of-all", 404);
        await UntilAsync(third, "processes/script:of-all", 404);
        (await StatusAsync(third, HttpMethod.Delete, "processes/script:of-all")).ShouldBe(404);
    }

    private static async Task<RunningServer> StartAsync(string database)
    {
        var server = await RunningServer.StartAsync(
            "--Storage:Provider", "Postgres", "--Storage:ConnectionString", database, "--Python:Workers", "1", "--Security:AdminToken", AdminServer.Token, "--Layers:Samples", "false");
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminServer.Token);
        return server;
    }

    private static Task ReadyAsync(RunningServer server) => UntilAsync(server, "processes/native:buffer", 200);

    private static Task UntilAsync(RunningServer server, string path, int status) =>
        QgisServer.Until(async () => await StatusAsync(server, HttpMethod.Get, path) == status, $"{path} is {status}");

    private static async Task<string> RunAsync(RunningServer server, int n)
    {
        using var content = new StringContent($$$"""{"inputs":{"n":{{{n}}}},"response":"document"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await server.Client.PostAsync(new Uri("processes/script:of-all/execution", UriKind.Relative), content);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<int> StatusAsync(RunningServer server, HttpMethod method, string path, string? script = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = script is null ? null : AdminServer.Content(script, AdminServer.Script) };
        using var response = await server.Client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
