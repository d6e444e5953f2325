using System.Net.Http.Headers;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Gateway;

/// <summary>Two gateways side by side that share a database, and know nothing of each other.</summary>
public sealed class TwoGatewaysTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string Token = "the-token-of-these-tests";
    private const string Operation = "GET /conformance";

    [PostgresFact]
    public async Task Each_tells_the_calls_of_both_once_whichever_is_asked_and_however_often_they_are_started()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var node = await RunningServer.StartAsync("--Python:Execution", "None", "--Http:TrustedProxies", "127.0.0.1", "--Security:AdminToken", Token, "--Node:Name", "node");
        string[] settings =
        [
            "--Node:Role", "Gateway", "--Discovery:Provider", "Static", "--Discovery:Nodes", node.Address.ToString(), "--Security:AdminToken", Token, "--Gateway:ProbeMilliseconds", "200",
            "--Storage:Provider", "Postgres", "--Storage:ConnectionString", database,
        ];
        var gateways = await Task.WhenAll(RunningServer.StartAsync(settings), RunningServer.StartAsync(settings));
        await using var one = gateways[0];
        await using var other = gateways[1];

        // What they have counted they tell at their ends, at the latest.
        await CallAsync(one, 7);
        await CallAsync(other, 5);
        await Task.WhenAll(gateways.Select(gateway => gateway.StopAsync()));
        await Task.WhenAll(gateways.Select(gateway => gateway.StartAgainAsync()));
        (await KeptAsync(one)).ShouldBe(12);
        (await KeptAsync(other)).ShouldBe(12);

        // Another run of one, in the same hour or the next.
        await CallAsync(other, 3);
        (await other.StopAsync()).ShouldBe(0);
        await other.StartAgainAsync();
        (await KeptAsync(one)).ShouldBe(15);
        (await TextAsync(other)).ShouldBe(await TextAsync(one));
        one.Errors.Concat(other.Errors).ShouldBeEmpty();
    }

    private static async Task CallAsync(RunningServer gateway, int times)
    {
        await QgisServer.Until(async () => (await AdministerAsync(gateway, "admin/nodes")).GetProperty("nodes").EnumerateArray().Any(one => one.GetProperty("state").GetString() == "in"), "the node is in");
        for (var i = 0; i < times; i++)
        {
            (await gateway.Client.GetAsync(new Uri("conformance", UriKind.Relative))).IsSuccessStatusCode.ShouldBeTrue();
        }
    }

    private static async Task<long> KeptAsync(RunningServer gateway) => (await KeptOfAsync(gateway)).EnumerateArray()
        .SelectMany(service => service.GetProperty("operations").EnumerateArray()).Where(one => one.GetProperty("operation").GetString() == Operation).Sum(one => one.GetProperty("calls").GetInt64());

    private static async Task<string> TextAsync(RunningServer gateway) => (await KeptOfAsync(gateway)).GetRawText();

    private static async Task<JsonElement> KeptOfAsync(RunningServer gateway) => (await AdministerAsync(gateway, "admin/services?hours=3")).GetProperty("kept").GetProperty("services");

    private static async Task<JsonElement> AdministerAsync(RunningServer gateway, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        using var answer = await gateway.Client.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(System.Text.Encoding.UTF8.GetString(body));
        return JsonElement.Parse(body);
    }
}
