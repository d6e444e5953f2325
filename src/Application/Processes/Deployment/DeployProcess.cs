using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Processes.Deployment;

/// <summary>Adds a process while the server runs: OGC 20-044, clause "Adding a new process to the API".</summary>
public sealed partial class DeployProcess(
    IEnumerable<IProcessDeployments> deployments, PackageReader reader, PackageTrial trial, ProcessCatalogues catalogues, ILogger<DeployProcess> logger)
{
    private readonly IProcessDeployments? _deployments = deployments.FirstOrDefault();

    public async Task<DeploymentOutcome> ExecuteAsync(PackageCall call, CancellationToken cancellationToken)
    {
        if (_deployments is not { IsReady: true })
        {
            return new DeploymentOutcome.NotReady();
        }

        var (content, mistakes) = reader.Read(call);
        if (content is null)
        {
            return new DeploymentOutcome.Refused(mistakes);
        }

        // An id that is taken is told before anything is loaded.
        if (content.Id is { } declared && Taken(_deployments, declared) is { } taken)
        {
            return taken;
        }

        var (id, unit, wrong) = await trial.FindAsync(_deployments, content, call.Wanted, cancellationToken);
        if (unit is null)
        {
            return new DeploymentOutcome.Refused(wrong);
        }

        var outcome = await _deployments.PutAsync(id, unit, content.Package, replace: false, cancellationToken);
        if (outcome is DeploymentOutcome.Done)
        {
            LogDeployed(id);
        }

        return outcome;
    }

    private DeploymentOutcome? Taken(IProcessDeployments deployed, string id) =>
        deployed.Has(id) ? new DeploymentOutcome.Exists(id) : catalogues.Find(id) is not null ? new DeploymentOutcome.Immutable(id) : null;

    [LoggerMessage(EventId = 1310, Level = LogLevel.Information, Message = "Process {Id} was deployed")]
    private partial void LogDeployed(string id);
}
