using GeoWps.Adapters.Gateway.Forwarding;
using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Domain.Nodes;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Unit.Gateway;

public sealed class BalancerTests
{
    private readonly TestClock _clock = new();

    [Theory]
    [InlineData(BalancingPolicy.RoundRobin)]
    [InlineData(BalancingPolicy.LeastRequests)]
    public void One_after_the_other_when_all_are_idle(BalancingPolicy policy)
    {
        var nodes = Nodes(3);

        Counts(policy, nodes, 300).ShouldBe([100, 100, 100]);
    }

    [Theory]
    [InlineData(BalancingPolicy.PowerOfTwoChoices)]
    [InlineData(BalancingPolicy.Random)]
    public void By_chance_each_gets_about_its_part(BalancingPolicy policy) => Counts(policy, Nodes(3), 3000).ShouldAllBe(count => count > 800 && count < 1200);

    [Fact]
    public void Least_requests_goes_where_the_fewest_are()
    {
        var nodes = Nodes(3);
        nodes[0].Begin();
        nodes[1].Begin();
        nodes[1].Begin();

        new Balancer(BalancingPolicy.LeastRequests, new Random(1)).Choose(nodes).ShouldBe(nodes[2]);
    }

    [Fact]
    public void Of_two_choices_the_busiest_of_all_is_never_taken()
    {
        var nodes = Nodes(3);
        nodes[1].Begin();

        Counts(BalancingPolicy.PowerOfTwoChoices, nodes, 500)[1].ShouldBe(0);
    }

    [Theory]
    [InlineData(BalancingPolicy.RoundRobin)]
    [InlineData(BalancingPolicy.LeastRequests)]
    [InlineData(BalancingPolicy.PowerOfTwoChoices)]
    [InlineData(BalancingPolicy.Random)]
    public void A_node_that_is_back_gets_a_tenth_then_more_then_its_part(BalancingPolicy policy)
    {
        var nodes = Nodes(3);
        nodes[2].Refused(isLast: false);
        _clock.Advance(TimeSpan.FromSeconds(1));
        nodes[2].Probed(true, nodes[2].Now());
        nodes[2].Probed(true, nodes[2].Now());

        var first = Counts(policy, nodes, 3000)[2];
        _clock.Advance(TimeSpan.FromSeconds(5));
        var half = Counts(policy, nodes, 3000)[2];
        _clock.Advance(TimeSpan.FromSeconds(5));
        var last = Counts(policy, nodes, 3000)[2];

        first.ShouldBeInRange(50, 250);
        half.ShouldBeInRange(first + 100, 800);
        last.ShouldBeInRange(800, 1200);
    }

    [Fact]
    public void When_all_are_new_they_share_evenly_from_the_start()
    {
        var nodes = Nodes(2, settle: false);

        Counts(BalancingPolicy.RoundRobin, nodes, 100).ShouldBe([50, 50]);
    }

    private static int[] Counts(BalancingPolicy policy, GatewayNode[] nodes, int requests)
    {
        var balancer = new Balancer(policy, new Random(1));
        var counts = new int[nodes.Length];
        for (var i = 0; i < requests; i++)
        {
            counts[Array.IndexOf(nodes, balancer.Choose(nodes)!)]++;
        }

        return counts;
    }

    private GatewayNode[] Nodes(int count, bool settle = true)
    {
        GatewayNode[] nodes =
        [
            .. Enumerable.Range(0, count).Select(i => new GatewayNode(new NodeEntry($"{i}", $"n{i}", new Uri($"http://n{i}"), []), NodeHealthRules.Default, _clock)),
        ];
        foreach (var node in nodes)
        {
            node.Probed(true, node.Now());
        }

        if (settle)
        {
            _clock.Advance(TimeSpan.FromSeconds(11));
        }

        return nodes;
    }
}
