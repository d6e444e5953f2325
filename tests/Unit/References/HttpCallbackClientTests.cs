using System.Net;
using System.Text;
using GeoWps.Adapters.References;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.References;

public sealed class HttpCallbackClientTests
{
    [Fact]
    public async Task JSON_is_posted_as_it_is_written_and_nothing_that_we_know_is_sent_along()
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Ok("whatever"));

        (await PostAsync($"{server.Address}/told?a=b", ["127.0.0.1"])).ShouldBeOfType<CallbackOutcome.Delivered>();

        var head = server.Requests.ShouldHaveSingleItem().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        head[0].ShouldBe("POST /told?a=b HTTP/1.1");
        head.Skip(1).Select(line => line.Split(':')[0]).ShouldBe(["Host", "User-Agent", "Transfer-Encoding", "Content-Type"], ignoreOrder: true);
        head.ShouldContain("Content-Type: application/json");
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(404, true)]
    [InlineData(410, true)]
    [InlineData(408, false)]
    [InlineData(425, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task What_the_other_side_refuses_is_told_apart_from_what_may_work_later(int status, bool isFinal)
    {
        await using var server = new ScriptedServer(_ => $"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        (await PostAsync(server.Address, ["127.0.0.1"])).ShouldBe(new CallbackOutcome.Failed($"HTTP {status}", isFinal));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = new ScriptedServer(_ => ScriptedServer.Ok(""));
        await using var server = new ScriptedServer(_ => ScriptedServer.Redirect(elsewhere.Address));

        (await PostAsync(server.Address, ["127.0.0.1"])).ShouldBe(new CallbackOutcome.Failed("HTTP 302", IsFinal: true));

        elsewhere.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_leads_inside_when_the_time_has_come_is_not_connected_to()
    {
        await using var server = new ScriptedServer(_ => ScriptedServer.Ok(""));

        var outcome = await PostAsync($"http://far.example.org:{server.Port}/", [], (_, _) => Task.FromResult(new[] { IPAddress.Loopback }));

        outcome.ShouldBe(new CallbackOutcome.Failed("unknown, or not at a public address", IsFinal: false));
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_is_given_up_for_now()
    {
        await using var server = new ScriptedServer((_, _, token) => Task.Delay(Timeout.Infinite, token));

        (await PostAsync(server.Address, ["127.0.0.1"], timeLimit: TimeSpan.FromMilliseconds(200))).ShouldBe(new CallbackOutcome.Failed("no answer in time", IsFinal: false));
    }

    private static async Task<CallbackOutcome> PostAsync(
        string address, string[] allowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, TimeSpan? timeLimit = null)
    {
        using var client = new HttpCallbackClient(new AllowedHosts(allowed), timeLimit ?? TimeSpan.FromSeconds(20), resolve ?? Dns.GetHostAddressesAsync, TimeProvider.System);
        return await client.PostAsync(new Uri(address), (body, token) => body.WriteAsync(Encoding.UTF8.GetBytes("{}"), token).AsTask(), CancellationToken.None);
    }
}
