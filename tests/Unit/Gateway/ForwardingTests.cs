using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Tests.Unit.Gateway;

public sealed class ForwardingTests
{
    [Fact]
    public async Task A_path_that_is_not_known_yet_is_not_said_to_be_none()
    {
        await using var node = await new SmallNode("a").StartAsync();
        for (var round = 0; round < 5; round++)
        {
            await using var gateway = await GatewayHost.StartAsync([]);
            var callers = Enumerable.Range(0, 4).Select(async _ =>
            {
                while (true)
                {
                    using var answer = await gateway.Client.GetAsync("/made/x");
                    if (answer.StatusCode == HttpStatusCode.OK)
                    {
                        return;
                    }

                    answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, await answer.Content.ReadAsStringAsync());
                    answer.Headers.RetryAfter.ShouldNotBeNull();
                }
            }).ToArray();
            gateway.Know(node);
            await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(30));
            (await gateway.Client.GetAsync("/no/where")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task By_path_to_each_node_in_turn()
    {
        await using var gateway = await GatewayHost.StartAsync([await Node("a"), await Node("b")]);

        var answers = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            answers.Add(await gateway.Client.GetStringAsync("/tiles/x"));
        }

        answers.Count(answer => answer == "a").ShouldBe(5);
    }

    [Fact]
    public async Task By_the_name_of_a_service_whatever_the_path_and_the_header_goes_no_further()
    {
        var node = await Node("a");
        await using var gateway = await GatewayHost.StartAsync([node]);
        node.Work = context => context.Response.WriteAsync(string.Join(',', context.Request.Headers.Keys.Where(name => name.StartsWith("X-GeoWps", StringComparison.OrdinalIgnoreCase))));

        (await SendAsync(gateway, "/made/x", ("X-GeoWps-Service", "tiles"), ("X-GeoWps-Secret", "1"))).Body.ShouldBe("");
        (await SendAsync(gateway, "/nowhere/at/all", ("X-GeoWps-Service", "records"))).Body.ShouldBe("a secret /nowhere/at/all");
        (await SendAsync(gateway, "/made/x", ("X-GeoWps-Service", "dreams"))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_a_node_the_answer_is_503_at_once_that_names_the_service()
    {
        await using var gateway = await GatewayHost.StartAsync([await Node("a")]);
        gateway.Know();
        await gateway.UntilAsync(() => gateway.Directory.Nodes.Count == 0);

        foreach (var (path, header) in new[] { ("/tiles/x", ""), ("/whatever", "tiles") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (header.Length > 0)
            {
                request.Headers.Add("X-GeoWps-Service", header);
            }

            using var answer = await gateway.Client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("service").GetString().ShouldBe("tiles");
        }
    }

    [Fact]
    public async Task A_gateway_that_has_seen_no_node_says_so()
    {
        await using var gateway = await GatewayHost.StartAsync([]);

        (await SendAsync(gateway, "/tiles/x")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Unknown_paths_and_wrong_methods_are_answered_by_the_gateway()
    {
        var node = await Node("a");
        await using var gateway = await GatewayHost.StartAsync([node]);

        (await SendAsync(gateway, "/no/such")).Status.ShouldBe(HttpStatusCode.NotFound);
        using var wrong = await gateway.Client.DeleteAsync("/tiles/x");
        wrong.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        wrong.Content.Headers.Allow.ShouldBe(["GET", "HEAD", "OPTIONS"], ignoreOrder: true);
        wrong.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        node.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/admin/secret")]
    [InlineData("/admin")]
    [InlineData("/health/offer")]
    [InlineData("/metrics/more")]
    [InlineData("/ADMIN")]
    [InlineData("/x/../admin/secret")]
    [InlineData("/%61dmin/secret")]
    [InlineData("//admin/secret")]
    [InlineData("/.%2e/admin/secret")]
    [InlineData("/x/..%2fadmin/secret")]
    public async Task Nothing_of_a_nodes_inside_is_reachable(string path)
    {
        var node = await Node("a");
        await using var gateway = await GatewayHost.StartAsync([node]);

        foreach (var service in (string[])["", "X-GeoWps-Service: core\r\n", "X-GeoWps-Service: tiles\r\n"])
        {
            var answer = await RawAsync(gateway, $"GET {path} HTTP/1.1\r\nHost: x\r\n{service}Connection: close\r\n\r\n");
            answer.ShouldStartWith("HTTP/1.1 404");
            answer.ShouldNotContain("a secret");
        }

        node.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_goes_to_the_nodes_that_have_it()
    {
        await using var gateway = await GatewayHost.StartAsync([await Node("a", "p"), await Node("b", "p", "q"), await Node("c", "p")]);

        for (var i = 0; i < 6; i++)
        {
            (await SendAsync(gateway, "/processes/q")).Body.ShouldBe("b");
            using var run = await gateway.Client.PostAsync("/processes/q/execution", new StringContent("{}"));
            (await run.Content.ReadAsStringAsync()).ShouldBe("b");
        }

        (await SendAsync(gateway, "/processes/none")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Links_are_the_gateways_own_and_what_a_caller_says_of_its_way_is_not_believed()
    {
        var node = await Node("a");
        await using var gateway = await GatewayHost.StartAsync([node]);
        node.Work = context => context.Response.WriteAsync(string.Join('|', context.Request.Headers.Where(header => header.Key.StartsWith("X-F", StringComparison.OrdinalIgnoreCase) || header.Key is "Forwarded" or "Host" or "X-Mine").OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}={header.Value}")));

        var answer = await RawAsync(
            gateway,
            "GET /made/x HTTP/1.1\r\nHost: maps.example.org\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Prefix: /evil\r\nForwarded: host=evil\r\nX-Mine: 1\r\nX-Hop: 1\r\nConnection: close, X-Hop\r\n\r\n");

        answer.ShouldContain("Host=maps.example.org|X-Forwarded-For=127.0.0.1|X-Forwarded-Host=maps.example.org|X-Forwarded-Proto=http|X-Mine=1");
        answer.ShouldNotContain("evil");
    }

    [Theory]
    [InlineData("127.0.0.1", "", true)]
    [InlineData("127.0.0.1", "X-Forwarded-For: 127.0.0.1\r\n", false)]
    [InlineData("127.0.0.1", "Origin: https://evil.example.org\r\n", false)]
    [InlineData("evil.example.org", "", false)]
    public async Task Nodes_are_told_sealed_where_a_caller_is_and_callers_can_not_say_it_themselves(string host, string headers, bool isLocal)
    {
        var node = await Node("a");
        await using var gateway = await GatewayHost.StartAsync([node]);
        PassedCaller? told = null;
        node.Work = context =>
        {
            told = new CallerSeal(new AdminToken(GatewayHost.Token), TimeProvider.System)
                .Read(context.Request.Headers[CallerSeal.Header].ToString(), context.Request.Method, context.Request.Path.Value + context.Request.QueryString.Value);
            return context.Response.WriteAsync("told");
        };
        var own = new CallerSeal(new AdminToken("the-token-of-somebody-else"), TimeProvider.System).Write(new PassedCaller(IPAddress.Loopback, true), "POST", "/made/x");
        var port = gateway.Client.BaseAddress!.Port;

        var answer = await RawAsync(
            gateway,
            $"POST /made/%C3%A4%20x/%2F?a=%20b HTTP/1.1\r\nHost: {host}:{port}\r\n{headers}{CallerSeal.Header}: {own}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        answer.ShouldContain("told");
        told.ShouldBe(new PassedCaller(IPAddress.Loopback, isLocal));
    }

    [Fact]
    public async Task What_is_public_and_only_read_is_not_sealed()
    {
        var node = await Node("a");
        await using var gateway = await GatewayHost.StartAsync([node]);
        node.Work = context => context.Response.WriteAsync($"[{context.Request.Headers[CallerSeal.Header]}]");

        (await gateway.Client.GetStringAsync("/made/x")).ShouldBe("[]");
    }

    [Fact]
    public async Task Inner_headers_of_answers_do_not_come_out()
    {
        var node = await Node("a");
        await using var gateway = await GatewayHost.StartAsync([node]);
        node.Work = context =>
        {
            context.Response.Headers["X-GeoWps-Node"] = "a";
            context.Response.Headers["X-Other"] = "b";
            context.Response.Headers.Server = "inside";
            return context.Response.WriteAsync("x");
        };
        using var answer = await gateway.Client.GetAsync("/made/x");

        answer.Headers.Contains("X-GeoWps-Node").ShouldBeFalse();
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.GetValues("X-Other").ShouldBe(["b"]);
    }

    [Theory]
    [InlineData("/made/a%2Fb/c%20d?x=%26y&z=1")]
    [InlineData("/made/native:buffer")]
    [InlineData("/made/%C3%A4")]
    public async Task Paths_and_parameters_arrive_as_they_were_sent(string target)
    {
        var node = await Node("a");
        await using var gateway = await GatewayHost.StartAsync([node]);
        node.Work = context => context.Response.WriteAsync(context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget);

        (await RawAsync(gateway, $"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).ShouldContain(target);
    }

    [Fact]
    public async Task A_body_reaches_the_node_while_its_rest_is_still_to_come()
    {
        const int Part = 200_000;
        var node = await Node("a");
        await using var gateway = await GatewayHost.StartAsync([node]);
        long arrived = 0;
        node.Work = async context =>
        {
            var buffer = new byte[4096];
            int count;
            while ((count = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                Interlocked.Add(ref arrived, count);
            }

            await context.Response.WriteAsync($"{arrived}");
        };
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", gateway.Client.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /made/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {3 * Part}\r\n\r\n"));
        for (var i = 1; i <= 3; i++)
        {
            await stream.WriteAsync(new byte[Part]);

            // Some of it may wait for a packet to be full.
            await gateway.UntilAsync(() => Interlocked.Read(ref arrived) > (i * Part) - 70_000);
        }

        (await new StreamReader(stream).ReadToEndAsync()).ShouldContain($"{3 * Part}");
    }

    [Fact]
    public async Task Events_come_one_by_one_and_who_leaves_is_not_served_on()
    {
        var node = await Node("a");
        await using var gateway = await GatewayHost.StartAsync([node]);
        var (go, left) = (new SemaphoreSlim(0), new TaskCompletionSource());
        node.Work = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            try
            {
                while (true)
                {
                    await context.Response.WriteAsync("data: x\n\n", context.RequestAborted);
                    await go.WaitAsync(context.RequestAborted);
                }
            }
            catch (OperationCanceledException)
            {
                left.SetResult();
            }
        };
        using (var answer = await gateway.Client.GetAsync("/made/x", HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            (await reader.ReadLineAsync()).ShouldBe("data: x");
            await reader.ReadLineAsync();
            go.Release();
            (await reader.ReadLineAsync()).ShouldBe("data: x");
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await gateway.UntilAsync(() => gateway.Of(node).InFlight == 0);
    }

    [Fact]
    public async Task A_process_goes_to_who_has_it_and_else_to_who_takes_it_in_for_others()
    {
        var (has, takes, neither) = (await Node("has", "p"), new SmallNode("takes") { Elsewhere = ["p", "q"] }, await Node("neither", "r"));
        await takes.StartAsync();
        await using var gateway = await GatewayHost.StartAsync([has, takes, neither], ("Gateway:ProbeMilliseconds", "600000"), ("Gateway:ProbeTimeoutMilliseconds", "60000"));

        for (var i = 0; i < 5; i++)
        {
            (await SendAsync(gateway, "/processes/p")).Body.ShouldBe("has");
            (await SendAsync(gateway, "/processes/q")).Body.ShouldBe("takes");
        }

        await has.DisposeAsync();
        (await SendAsync(gateway, "/processes/p")).Body.ShouldBe("takes");
        await takes.DisposeAsync();
        (await SendAsync(gateway, "/processes/p")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task What_is_administered_needs_the_token()
    {
        var node = await Node("a", "p");
        await using var gateway = await GatewayHost.StartAsync([node]);
        await SendAsync(gateway, "/tiles/x");

        foreach (var path in (string[])["/admin/nodes", "/admin/services"])
        {
            (await SendAsync(gateway, path)).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await SendAsync(gateway, path, ("Authorization", "Bearer another-token-than-it"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        var known = (await gateway.AdministerAsync("/admin/nodes")).GetProperty("nodes")[0];
        (known.GetProperty("name").GetString(), known.GetProperty("state").GetString(), known.GetProperty("processes").GetInt32()).ShouldBe(("a", "in", 1));
        var tiles = (await gateway.AdministerAsync("/admin/services")).GetProperty("services").EnumerateArray().Single(service => service.GetProperty("service").GetString() == "tiles");
        var operation = tiles.GetProperty("operations")[0];
        (operation.GetProperty("operation").GetString(), operation.GetProperty("calls").GetInt32(), operation.GetProperty("bytes").GetInt32()).ShouldBe(("GET /tiles/{layer}", 1, 1));
        (await gateway.Client.GetStringAsync("/metrics")).ShouldContain("geowps_gateway_calls_total{service=\"tiles\",operation=\"GET /tiles/{layer}\",node=\"a\"} 1\n");
    }

    private static Task<SmallNode> Node(string name, params string[] processes) => new SmallNode(name, processes).StartAsync();

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(GatewayHost gateway, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await gateway.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>As it stands, without a client that tidies it.</summary>
    private static async Task<string> RawAsync(GatewayHost gateway, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", gateway.Client.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        return await new StreamReader(stream).ReadToEndAsync();
    }
}
