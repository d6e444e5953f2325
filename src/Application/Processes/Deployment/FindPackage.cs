using GeoWps.Application.Ports;

namespace GeoWps.Application.Processes.Deployment;

/// <summary>Gives back what a process was deployed with: <c>/req/deploy-replace-undeploy/package/get-op</c>.</summary>
public sealed class FindPackage(IEnumerable<IProcessDeployments> deployments)
{
    /// <returns><see langword="null"/> when no process of this id was deployed.</returns>
    public async Task<ApplicationPackage?> ExecuteAsync(string id, CancellationToken cancellationToken) =>
        deployments.FirstOrDefault() is { } deployed ? await deployed.FindPackageAsync(id, cancellationToken) : null;
}
