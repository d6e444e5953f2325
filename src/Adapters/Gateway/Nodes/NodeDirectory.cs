using System.Collections.Concurrent;
using System.Collections.Frozen;
using GeoWps.Adapters.Gateway.Forwarding;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Gateway.Nodes;

/// <summary>The nodes of one service.</summary>
/// <param name="Nodes">In whatever state, by name.</param>
internal sealed record ServiceNodes(string Service, GatewayNode[] Nodes, Balancer Balancer)
{
    /// <summary>What one node has, another may not have.</summary>
    public bool HasSeveralStores { get; } = Nodes.DistinctBy(node => node.Store, StringComparer.Ordinal).Skip(1).Any();

    /// <summary>Nodes by store, those that get requests first.</summary>
    public IEnumerable<GatewayNode[]> Stores => Nodes.GroupBy(node => node.Store, StringComparer.Ordinal).Select(store => store.OrderByDescending(node => node.IsIn).ToArray());
}

/// <summary>Who is there, and what each offers: one picture that is replaced as a whole.</summary>
internal sealed partial class NodeDirectory(IOptions<GatewayOptions> options, RememberedOffers remembered, TimeProvider clock, ILogger<NodeDirectory> log)
{
    /// <summary>Names that have a meaning even where no node was ever seen that offers them.</summary>
    private static readonly string[] _known = ["processes", "tiles", "files", "records"];

    private readonly Lock _lock = new();
    private readonly NodeHealthRules _rules = options.Value.Rules;
    private readonly ConcurrentDictionary<string, Balancer> _balancers = new(StringComparer.Ordinal);
    private volatile GatewayNode[] _nodes = [];
    private volatile FrozenDictionary<string, ServiceNodes> _services = FrozenDictionary<string, ServiceNodes>.Empty;
    private volatile bool _heard;

    /// <summary>What is offered has changed. Comes on whichever thread found out.</summary>
    public event Action? Changed;

    /// <summary>By name, then id.</summary>
    public IReadOnlyList<GatewayNode> Nodes => _nodes;

    public IReadOnlyDictionary<string, ServiceNodes> Services => _services;

    /// <summary>The registry has answered, and each node that it named is known to be there or not.</summary>
    public bool IsSettled => _heard && Array.TrueForAll(_nodes, node => node.State != NodeState.New);

    public bool Knows(string service) => _services.ContainsKey(service) || Array.IndexOf(_known, service) >= 0;

    /// <returns>Nodes that are new here, and those that are gone.</returns>
    public (IReadOnlyList<GatewayNode> Come, IReadOnlyList<GatewayNode> Gone) Set(IReadOnlyList<NodeEntry> entries)
    {
        GatewayNode[] come, gone;
        lock (_lock)
        {
            // Another address under the same id is another node; other words about it are not.
            var before = _nodes.ToDictionary(Key);
            var now = entries.DistinctBy(Key).Select(entry => before.GetValueOrDefault(Key(entry)) ?? new GatewayNode(entry, _rules, clock, TimeSpan.FromSeconds(options.Value.GiveUpSeconds))).ToArray();
            come = [.. now.Except(_nodes)];
            gone = [.. _nodes.Except(now)];
            foreach (var node in come)
            {
                // Until it says so itself.
                if (remembered.Find(node.Entry.Address) is { } offer)
                {
                    node.Take(offer);
                }
            }

            _nodes = now;
            _heard = true;
            Rebuild();
        }

        foreach (var node in come)
        {
            LogCome(node.Name, node.Prefix);
        }

        foreach (var node in gone)
        {
            node.Leave();
            LogGone(node.Name, node.Prefix);
        }

        if (come.Length + gone.Length > 0)
        {
            Changed?.Invoke();
        }

        return (come, gone);

        static (string, Uri) Key(object node) => node is GatewayNode known ? (known.Entry.Id, known.Entry.Address) : (((NodeEntry)node).Id, ((NodeEntry)node).Address);
    }

    public void Take(GatewayNode node, NodeOffer offer)
    {
        node.Take(offer);
        lock (_lock)
        {
            Rebuild();
        }

        Changed?.Invoke();
    }

    public void Probed(GatewayNode node, bool succeeded, TimeSpan began)
    {
        if (node.Probed(succeeded, began))
        {
            if (node.IsIn)
            {
                LogIn(node.Name, node.Prefix);
            }
            else
            {
                LogOut(node.Name, node.Prefix, "it does not answer that it is ready");
            }
        }
    }

    /// <summary>The node did not take a connection.</summary>
    public void Refused(GatewayNode node) => Failed(node, isLast => node.Refused(isLast), "it takes no connections");

    /// <summary>The node failed with what another one did.</summary>
    public void Struck(GatewayNode node) => Failed(node, isLast => node.Struck(isLast), "it fails with what others can do");

    private void Failed(GatewayNode node, Func<bool, bool> note, string reason)
    {
        bool isOut;
        lock (_lock)
        {
            isOut = note(IsLast(node));
        }

        if (isOut)
        {
            LogOut(node.Name, node.Prefix, reason);
        }
    }

    // Of any of its services.
    private bool IsLast(GatewayNode node) =>
        _services.Values.Any(service => Array.IndexOf(service.Nodes, node) >= 0 && !Array.Exists(service.Nodes, other => other != node && other.IsIn));

    // A service that was there once stays known, with no nodes.
    private void Rebuild() => _services = _nodes.SelectMany(node => node.Offer?.Services ?? []).Select(service => service.Service)
        .Concat(_services.Keys)
        .Distinct(StringComparer.Ordinal)
        .Select(service => new ServiceNodes(
            service, [.. _nodes.Where(node => node.Offers(service))], _balancers.GetOrAdd(service, name => new Balancer(options.Value.PolicyOf(name), Random.Shared))))
        .ToFrozenDictionary(service => service.Service, StringComparer.Ordinal);

    [LoggerMessage(EventId = 7100, Level = LogLevel.Information, Message = "Node {Name} at {Address} is known")]
    private partial void LogCome(string name, string address);

    [LoggerMessage(EventId = 7101, Level = LogLevel.Information, Message = "Node {Name} at {Address} has left")]
    private partial void LogGone(string name, string address);

    [LoggerMessage(EventId = 7102, Level = LogLevel.Information, Message = "Node {Name} at {Address} gets requests")]
    private partial void LogIn(string name, string address);

    [LoggerMessage(EventId = 7103, Level = LogLevel.Warning, Message = "Node {Name} at {Address} gets no requests: {Reason}")]
    private partial void LogOut(string name, string address, string reason);
}
