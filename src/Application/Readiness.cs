using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;

namespace GeoWps.Application;

/// <summary>Whether this node takes new work.</summary>
public sealed class Readiness(ProcessCatalogues catalogues)
{
    private volatile bool _draining;

    /// <summary>The node is stopping: it finishes what it holds and takes nothing new.</summary>
    public bool IsDraining => _draining;

    /// <summary>Every provider that runs jobs knows its processes, and the node is not stopping. Chains have none: they are made of others'.</summary>
    public bool IsReady => !_draining
        && catalogues.Providers.All(provider => provider.Concurrency == 0 || provider.Catalogue.Processes.Count > 0 || provider is ChainProvider);

    public void Drain() => _draining = true;
}
