using GeoWps.Application.Ports;

namespace GeoWps.Application.Processes.Deployment;

/// <summary>What stands against changing a process that is there.</summary>
internal static class Changes
{
    /// <returns><see langword="null"/>: it was deployed, and can be changed now.</returns>
    public static DeploymentOutcome? WhyNot(this IProcessDeployments? deployments, string id, ProcessCatalogues catalogues) =>
        deployments?.Has(id) != true ? (catalogues.Find(id) is null ? new DeploymentOutcome.Unknown(id) : new DeploymentOutcome.Immutable(id))
        : deployments.IsReady ? null
        : new DeploymentOutcome.NotReady();
}
