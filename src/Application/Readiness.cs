using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;

namespace GeoWps.Application;

/// <summary>Whether this node takes new work.</summary>
public sealed class Readiness(ProcessCatalogues catalogues)
{
    private volatile bool _leaving;
    private volatile bool _draining;

    /// <summary>The node is about to stop: it asks for no more work, and still does what comes.</summary>
    public bool IsLeaving => _leaving;

    /// <summary>The node is stopping: it finishes what it holds and takes nothing new.</summary>
    public bool IsDraining => _draining;

    /// <summary>Every provider that runs jobs knows its processes, and the node is not stopping. Chains have none: they are made of others'.</summary>
    public bool IsReady => !_leaving && !_draining
        && catalogues.Providers.All(provider => provider.Concurrency == 0 || provider.Catalogue.Processes.Count > 0 || provider is ChainProvider);

    public void Leave() => _leaving = true;

    public void Drain() => _draining = true;
}
