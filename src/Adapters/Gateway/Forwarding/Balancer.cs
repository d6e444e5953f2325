using GeoWps.Adapters.Gateway.Nodes;

namespace GeoWps.Adapters.Gateway.Forwarding;

/// <summary>How one of several nodes is chosen.</summary>
public enum BalancingPolicy
{
    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>The one with the fewest requests on their way; of equals one after the other.</summary>
    LeastRequests,

    /// <summary>Of two by chance, the one with fewer requests on their way.</summary>
    PowerOfTwoChoices,

    /// <summary>By chance.</summary>
    Random,
}

/// <summary>
/// Chooses for one service. Whatever the policy: a node whose share is still rising takes part in so many choices only, compared with the one that has the largest.
/// </summary>
internal sealed class Balancer(BalancingPolicy policy, Random random)
{
    private const int OnStack = 64;

    private uint _turn;

    public BalancingPolicy Policy => policy;

    /// <param name="nodes">All that could be chosen.</param>
    /// <returns>One of them; <see langword="null"/> when there are none.</returns>
    public GatewayNode? Choose(ReadOnlySpan<GatewayNode> nodes)
    {
        if (nodes.Length <= 1)
        {
            return nodes.Length == 0 ? null : nodes[0];
        }

        var open = nodes.Length <= OnStack ? stackalloc int[nodes.Length] : new int[nodes.Length];
        open = open[..TakingPart(nodes, open)];
        return nodes[open.Length == 1 ? open[0] : Choose(nodes, open)];
    }

    private int Choose(ReadOnlySpan<GatewayNode> nodes, ReadOnlySpan<int> open) => policy switch
    {
        BalancingPolicy.RoundRobin => open[Turn(open.Length)],
        BalancingPolicy.LeastRequests => Least(nodes, open),
        BalancingPolicy.PowerOfTwoChoices => LessOf(nodes, open),
        BalancingPolicy.Random => open[random.Next(open.Length)],
    };

    private static int TakingPart(ReadOnlySpan<GatewayNode> nodes, Span<int> open)
    {
        double largest = 0;
        foreach (var node in nodes)
        {
            largest = Math.Max(largest, node.Share());
        }

        var count = 0;
        for (var i = 0; i < nodes.Length; i++)
        {
            var share = nodes[i].Share();
            if (share >= largest || nodes[i].Earns(share / largest))
            {
                open[count++] = i;
            }
        }

        return count;
    }

    private int Turn(int count) => (int)(Interlocked.Increment(ref _turn) % (uint)count);

    private int Least(ReadOnlySpan<GatewayNode> nodes, ReadOnlySpan<int> open)
    {
        var first = Turn(open.Length);
        var best = open[first];
        for (var i = 1; i < open.Length; i++)
        {
            var other = open[(first + i) % open.Length];
            if (nodes[other].InFlight < nodes[best].InFlight)
            {
                best = other;
            }
        }

        return best;
    }

    private int LessOf(ReadOnlySpan<GatewayNode> nodes, ReadOnlySpan<int> open)
    {
        var one = random.Next(open.Length);
        var other = random.Next(open.Length - 1);
        other += other >= one ? 1 : 0;
        return nodes[open[one]].InFlight <= nodes[open[other]].InFlight ? open[one] : open[other];
    }
}
