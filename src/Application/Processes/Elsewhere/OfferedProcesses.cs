using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Elsewhere;

/// <summary>What the nodes of a cluster run together, or one alone: the same on every node, though each describes its own where they differ.</summary>
/// <param name="lanes">With <paramref name="remote"/> where this node may have others beside it.</param>
public sealed class OfferedProcesses(ProcessCatalogues catalogues, NodeLanes? lanes = null, RemoteProcesses? remote = null)
{
    /// <summary>In no order; a process once for each node that describes it by itself.</summary>
    public IEnumerable<ProcessDescription> All => lanes is null || remote is null || remote.IsAlone
        ? catalogues.Current.Processes.Values
        : catalogues.Providers.Where(lanes.WorksIn).SelectMany(Of).Concat(remote.Variants);

    private static IEnumerable<ProcessDescription> Of(IProcessProvider provider) => provider.Catalogue.Processes.Values;
}
