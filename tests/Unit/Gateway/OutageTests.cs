using System.Collections.Concurrent;
using System.Net;
using GeoWps.Domain.Nodes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Tests.Unit.Gateway;

/// <summary>One of three nodes is down, in every way that a node can be, while requests flow.</summary>
public sealed class OutageTests
{
    [Theory]
    [InlineData("killed")]
    [InlineData("Hanging")]
    [InlineData("Failing")]
    [InlineData("Slow")]
    public async Task While_one_of_three_is_down_no_idempotent_request_fails(string how)
    {
        var nodes = await NodesAsync();
        await using var gateway = await GatewayHost.StartAsync(nodes);
        using var flow = new Flow(gateway, () => new HttpRequestMessage(HttpMethod.Get, "/made/x"));
        await flow.PassAsync(100);

        await BreakAsync(nodes[1], how);
        if (how != nameof(Mood.Slow))
        {
            await gateway.UntilAsync(() => gateway.Of(nodes[1]).State == NodeState.Out);
        }

        await flow.PassAsync(100);
        await MendAsync(nodes[1], how);
        await gateway.UntilAsync(() => gateway.Of(nodes[1]).IsIn);
        await flow.PassAsync(100);

        (await flow.StopAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("Failing")]
    public async Task Of_others_at_most_those_on_their_way_to_it_fail(string how)
    {
        var nodes = await NodesAsync();
        await using var gateway = await GatewayHost.StartAsync(nodes);
        using var flow = new Flow(gateway, () => new HttpRequestMessage(HttpMethod.Post, "/made/x") { Content = new StringContent("body") });
        await flow.PassAsync(100);

        await BreakAsync(nodes[1], how);
        await gateway.UntilAsync(() => gateway.Of(nodes[1]).State == NodeState.Out);
        await flow.SettleAsync();
        flow.Failures.Clear();
        await flow.PassAsync(200);

        (await flow.StopAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_that_refuses_is_out_at_once_and_what_never_reached_it_goes_to_another_whatever_the_method()
    {
        var nodes = await NodesAsync();

        // Probes are so rare that only the requests themselves find out.
        await using var gateway = await GatewayHost.StartAsync(nodes, ("Gateway:ProbeMilliseconds", "600000"), ("Gateway:ProbeTimeoutMilliseconds", "60000"));
        await nodes[1].KillAsync();

        for (var i = 0; i < 12; i++)
        {
            using var answer = await gateway.Client.PostAsync("/made/x", new StringContent("body"));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        gateway.Of(nodes[1]).State.ShouldBe(NodeState.Out);
        gateway.Of(nodes[1]).Ejections.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_sent_and_may_have_been_done_is_not_sent_again()
    {
        var nodes = await NodesAsync();
        await using var gateway = await GatewayHost.StartAsync(nodes);
        foreach (var node in nodes)
        {
            node.Work = context =>
            {
                context.Abort();
                return Task.CompletedTask;
            };
        }

        using var answer = await gateway.Client.PostAsync("/made/x", new StringContent("body"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        nodes.Sum(node => node.Asked.Count).ShouldBe(1);
        using var again = await gateway.Client.GetAsync("/made/x");
        nodes.Sum(node => node.Asked.Count).ShouldBe(4);
    }

    [Fact]
    public async Task What_was_sent_to_a_node_that_hangs_is_told_so_when_the_node_was_out_for_long()
    {
        var node = await new SmallNode("a").StartAsync();
        await using var gateway = await GatewayHost.StartAsync([node], ("Gateway:GiveUpSeconds", "1"));
        node.Mood = Mood.Hanging;

        using var answer = await gateway.Client.PostAsync("/made/x", new StringContent("body"));

        answer.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        gateway.Of(node).State.ShouldBe(NodeState.Out);
        node.Asked.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task It_gets_no_request_until_two_probes_have_succeeded_and_then_a_rising_share()
    {
        var nodes = await NodesAsync();
        await using var gateway = await GatewayHost.StartAsync(nodes, ("Gateway:RiseSeconds", "2"), ("Gateway:ProbeMilliseconds", "200"));
        using var flow = new Flow(gateway, () => new HttpRequestMessage(HttpMethod.Get, "/made/x"));
        await gateway.UntilAsync(() => gateway.Directory.Nodes.All(node => node.Share() >= 1));
        await nodes[1].KillAsync();
        await gateway.UntilAsync(() => gateway.Of(nodes[1]).State == NodeState.Out);
        await flow.SettleAsync();
        var probesAtFirstRequest = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        nodes[1].Work = context =>
        {
            probesAtFirstRequest.TrySetResult(nodes[1].Probes);
            return context.Response.WriteAsync("b");
        };
        var probesBefore = nodes[1].Probes;
        await nodes[1].StartAsync();

        (await probesAtFirstRequest.Task.WaitAsync(TimeSpan.FromSeconds(30)) - probesBefore).ShouldBeGreaterThanOrEqualTo(2);
        var first = await ShareAsync();
        var shareThen = gateway.Of(nodes[1]).Share();
        await gateway.UntilAsync(() => gateway.Of(nodes[1]).Share() >= 1);
        var last = await ShareAsync();
        (await flow.StopAsync()).ShouldBeEmpty();
        last.ShouldBeInRange(0.25, 0.42);
        first.ShouldBeLessThan(last, $"{first} at a share of {shareThen}");

        async Task<double> ShareAsync()
        {
            foreach (var node in nodes)
            {
                node.Asked.Clear();
            }

            await flow.PassAsync(60);
            return nodes[1].Asked.Count / (double)nodes.Sum(node => node.Asked.Count);
        }
    }

    [Fact]
    public async Task The_last_node_is_not_put_out_by_requests_and_a_request_that_waits_for_it_is_told_at_once()
    {
        var node = await new SmallNode("a").StartAsync();
        await using var gateway = await GatewayHost.StartAsync([node], ("Gateway:ProbeMilliseconds", "600000"), ("Gateway:ProbeTimeoutMilliseconds", "60000"));
        await node.KillAsync();

        for (var i = 0; i < 5; i++)
        {
            using var answer = await gateway.Client.GetAsync("/made/x");
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        gateway.Of(node).IsIn.ShouldBeTrue();
        await node.StartAsync();
        (await gateway.Client.GetStringAsync("/made/x")).ShouldBe("a");
    }

    [Fact]
    public async Task An_answer_of_500_that_all_nodes_give_is_passed_on()
    {
        var nodes = await NodesAsync();
        await using var gateway = await GatewayHost.StartAsync(nodes);
        foreach (var node in nodes)
        {
            node.Work = context =>
            {
                context.Response.StatusCode = 500;
                return context.Response.WriteAsync("why it failed");
            };
        }

        using var answer = await gateway.Client.GetAsync("/made/x");
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("why it failed");
        gateway.Directory.Nodes.ShouldAllBe(node => node.IsIn);
    }

    [Fact]
    public async Task New_routes_do_not_cut_answers_that_are_on_their_way()
    {
        var nodes = await NodesAsync();
        await using var gateway = await GatewayHost.StartAsync([nodes[0]]);
        var go = new SemaphoreSlim(0);
        nodes[0].Work = async context =>
        {
            await context.Response.WriteAsync("one ");
            await context.Response.Body.FlushAsync();
            await go.WaitAsync();
            await context.Response.WriteAsync("two");
        };
        using var answer = await gateway.Client.GetAsync("/made/x", HttpCompletionOption.ResponseHeadersRead);
        gateway.Know(nodes);
        await gateway.UntilAsync(() => gateway.Directory.Nodes.Count(node => node.IsIn) == 3);
        gateway.Know(nodes[1]);
        await gateway.UntilAsync(() => gateway.Directory.Nodes.Count == 1);
        go.Release();

        (await answer.Content.ReadAsStringAsync()).ShouldBe("one two");
        await nodes[1].DisposeAsync();
        await nodes[2].DisposeAsync();
    }

    private static async Task<SmallNode[]> NodesAsync() => [await new SmallNode("a").StartAsync(), await new SmallNode("b").StartAsync(), await new SmallNode("c").StartAsync()];

    private static Task BreakAsync(SmallNode node, string how)
    {
        if (how == "killed")
        {
            return node.KillAsync();
        }

        node.Mood = Enum.Parse<Mood>(how);
        return Task.CompletedTask;
    }

    private static async Task MendAsync(SmallNode node, string how)
    {
        if (how == "killed")
        {
            await node.StartAsync();
        }

        node.Mood = Mood.Fine;
    }

    /// <summary>Eight callers that ask again and again.</summary>
    private sealed class Flow : IDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task[] _callers;
        private readonly GatewayHost _gateway;
        private int _passed;

        public Flow(GatewayHost gateway, Func<HttpRequestMessage> make)
        {
            _gateway = gateway;
            _callers = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => CallAsync(make)))];
        }

        public ConcurrentQueue<string> Failures { get; } = new();

        public Task PassAsync(int requests)
        {
            var goal = Volatile.Read(ref _passed) + requests;
            return _gateway.UntilAsync(() => Volatile.Read(ref _passed) >= goal);
        }

        /// <summary>Whatever was on its way has ended.</summary>
        public Task SettleAsync() => PassAsync(32);

        public async Task<IReadOnlyCollection<string>> StopAsync()
        {
            await _end.CancelAsync();
            await Task.WhenAll(_callers);
            return Failures;
        }

        public void Dispose() => _end.Dispose();

        private async Task CallAsync(Func<HttpRequestMessage> make)
        {
            while (!_end.IsCancellationRequested)
            {
                try
                {
                    using var request = make();
                    using var answer = await _gateway.Client.SendAsync(request);
                    if (answer.StatusCode != HttpStatusCode.OK)
                    {
                        Failures.Enqueue($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                    }
                }
                catch (HttpRequestException reason)
                {
                    Failures.Enqueue(reason.Message);
                }

                Interlocked.Increment(ref _passed);
            }
        }
    }
}
