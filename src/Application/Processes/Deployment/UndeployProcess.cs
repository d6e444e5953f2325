using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Processes.Deployment;

/// <summary>Takes a process away that was deployed: OGC 20-044, clause "Removing a process from the API". Its running jobs go on, waiting ones fail.</summary>
public sealed partial class UndeployProcess(IEnumerable<IProcessDeployments> deployments, ProcessCatalogues catalogues, ILogger<UndeployProcess> logger)
{
    private readonly IProcessDeployments? _deployments = deployments.FirstOrDefault();

    public async Task<DeploymentOutcome> ExecuteAsync(string id, CancellationToken cancellationToken)
    {
        if (_deployments.WhyNot(id, catalogues) is { } refusal)
        {
            return refusal;
        }

        if (!await _deployments!.RemoveAsync(id, cancellationToken))
        {
            return new DeploymentOutcome.Unknown(id);
        }

        LogUndeployed(id);
        return new DeploymentOutcome.Removed();
    }

    [LoggerMessage(EventId = 1312, Level = LogLevel.Information, Message = "Process {Id} was undeployed")]
    private partial void LogUndeployed(string id);
}
