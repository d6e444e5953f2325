using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Deployment;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Deployment;

/// <summary><c>DELETE /processes/{processID}</c>: OGC 20-044, <c>/req/deploy-replace-undeploy/undeploy/delete-op</c>.</summary>
internal sealed class UndeployEndpoint(UndeployProcess undeploy) : AdminEndpoint
{
    public override void Configure() => Delete("/processes/{processID}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct) => await undeploy.ExecuteAsync(Segment("processID"), ct) switch
    {
        DeploymentOutcome.Removed => TypedResults.NoContent(),
        var other => DeploymentAnswers.Of(other),
    };
}
