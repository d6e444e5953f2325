using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Deployment;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Deployment;

/// <summary><c>PUT /processes/{processID}</c>: OGC 20-044, <c>/req/deploy-replace-undeploy/replace/put-op</c>.</summary>
internal sealed class ReplaceEndpoint(PackageBody bodies, ReplaceProcess replace) : AdminEndpoint
{
    public override void Configure() => Put("/processes/{processID}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (call, problem) = await bodies.ReadAsync(HttpContext, ct);
        return call is null ? problem! : await replace.ExecuteAsync(Segment("processID"), call, ct) switch
        {
            DeploymentOutcome.Done => TypedResults.NoContent(),
            var other => DeploymentAnswers.Of(other),
        };
    }
}
