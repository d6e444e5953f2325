using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Gateway;

/// <summary>Two servers behind a gateway, each a process of its own as people start it.</summary>
public sealed class TwoServersTests : IAsyncLifetime
{
    private const string Token = "the-token-of-these-tests";

    private RunningServer _one = null!;
    private RunningServer _other = null!;
    private RunningServer _gateway = null!;

    public async Task InitializeAsync()
    {
        string[] node = ["--Python:Execution", "None", "--Http:TrustedProxies", "127.0.0.1", "--Security:AdminToken", Token];
        var servers = await Task.WhenAll(RunningServer.StartAsync(node), RunningServer.StartAsync(node));
        (_one, _other) = (servers[0], servers[1]);
        _gateway = await RunningServer.StartAsync(
            "--Node:Role", "Gateway", "--Discovery:Nodes", $"{_one.Address},{_other.Address}", "--Security:AdminToken", Token, "--Gateway:ProbeMilliseconds", "200");
        await UntilAsync(nodes => nodes.Length == 2 && Array.TrueForAll(nodes, state => state == "in"));
    }

    public async Task DisposeAsync()
    {
        foreach (var server in (RunningServer[])[_gateway, _one, _other])
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task They_are_one_server_whose_links_are_the_gateways_and_lose_a_node_without_a_failed_request()
    {
        var landing = await _gateway.Client.GetStringAsync("/?f=json");
        landing.ShouldContain(_gateway.Address.ToString());
        landing.ShouldNotContain(_one.Address.Authority);
        landing.ShouldNotContain(_other.Address.Authority);
        (await GetAsync("/conformance")).ShouldBe(HttpStatusCode.OK);
        (await _gateway.Client.GetStringAsync("/processes")).ShouldContain("\"echo\"");
        await EchoAsync();

        // What is for the inside stays there, token or not.
        (await GetAsync("/admin/layers")).ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync("/health/offer")).ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync("/nowhere")).ShouldBe(HttpStatusCode.NotFound);

        await _other.KillAsync();
        for (var i = 0; i < 20; i++)
        {
            (await GetAsync("/processes/echo")).ShouldBe(HttpStatusCode.OK);
            await EchoAsync();
        }

        await UntilAsync(nodes => nodes.Count(state => state == "in") == 1);
        await _other.StartAgainAsync();
        await UntilAsync(nodes => nodes.Count(state => state == "in") == 2);

        await _one.KillAsync();
        await _other.KillAsync();
        await UntilAsync(nodes => nodes.All(state => state == "out"));
        using var none = await _gateway.Client.GetAsync("/processes/echo");
        none.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        none.Headers.RetryAfter.ShouldNotBeNull();
        (await none.Content.ReadAsStringAsync()).ShouldContain("processes");
        (await _gateway.StopAsync()).ShouldBe(0);
        _gateway.Errors.ShouldBeEmpty();
    }

    private async Task<HttpStatusCode> GetAsync(string path)
    {
        using var answer = await _gateway.Client.GetAsync(path);
        return answer.StatusCode;
    }

    private async Task EchoAsync()
    {
        using var body = new StringContent("""{"inputs":{"literalInput":"hello"}}""", Encoding.UTF8, "application/json");
        using var answer = await _gateway.Client.PostAsync("/processes/echo/execution", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    private async Task UntilAsync(Func<string[], bool> condition)
    {
        for (var patience = System.Diagnostics.Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/nodes") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
            using var answer = await _gateway.Client.SendAsync(request);
            var nodes = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("nodes");
            string[] states = [.. nodes.EnumerateArray().Select(node => node.GetProperty("state").GetString()!)];
            if (condition(states))
            {
                return;
            }

            (patience.Elapsed < TimeSpan.FromSeconds(60)).ShouldBeTrue(string.Join(' ', states));
        }
    }
}
