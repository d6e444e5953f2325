using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;

namespace GeoWps.Application.Jobs;

/// <summary>Whose jobs this node runs. Alone it runs all; in a cluster those that its services need, and others have the rest.</summary>
/// <param name="left">What it leaves to others though it could.</param>
public sealed class NodeLanes(ThisNode node, IJobStore jobs, IEnumerable<LeftToOthers> left)
{
    private readonly HashSet<string> _left = [.. left.SelectMany(each => each.Lanes)];

    public bool WorksIn(IProcessProvider provider) =>
        provider is { IsElsewhere: false, Concurrency: > 0 }
        && (!jobs.IsShared || (provider.Services.Any(node.Offers) && !_left.Contains(provider.Lane)));
}

/// <summary>Lanes whose jobs want what this node does not have.</summary>
public sealed record LeftToOthers(IReadOnlyList<string> Lanes);
