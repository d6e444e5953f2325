using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Processes.Deployment;

/// <summary>Puts another version in the place of a process that was deployed: OGC 20-044, clause "Replacing an existing process".</summary>
public sealed partial class ReplaceProcess(
    IEnumerable<IProcessDeployments> deployments, PackageReader reader, PackageTrial trial, ProcessCatalogues catalogues, ILogger<ReplaceProcess> logger)
{
    private readonly IProcessDeployments? _deployments = deployments.FirstOrDefault();

    public async Task<DeploymentOutcome> ExecuteAsync(string id, PackageCall call, CancellationToken cancellationToken)
    {
        if (_deployments.WhyNot(id, catalogues) is { } refusal)
        {
            return refusal;
        }

        var (content, mistakes) = reader.Read(call);
        if (content is null)
        {
            return new DeploymentOutcome.Refused(mistakes);
        }

        var (found, unit, wrong) = await trial.FindAsync(_deployments!, content, call.Wanted, cancellationToken);
        if (unit is null || found != id)
        {
            return new DeploymentOutcome.Refused(unit is null ? wrong : [new Mistake("", $"it is {found}, and can not take the place of {id}")]);
        }

        var outcome = await _deployments!.PutAsync(id, unit, content.Package, replace: true, cancellationToken);
        if (outcome is DeploymentOutcome.Done)
        {
            LogReplaced(id);
        }

        return outcome;
    }

    [LoggerMessage(EventId = 1311, Level = LogLevel.Information, Message = "Process {Id} was replaced")]
    private partial void LogReplaced(string id);
}
