using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Deployment;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Deployment;

/// <summary><c>POST /processes</c>: OGC 20-044, <c>/req/deploy-replace-undeploy/deploy/post-op</c>.</summary>
internal sealed class DeployEndpoint(PackageBody bodies, DeployProcess deploy) : AdminEndpoint
{
    public override void Configure() => Post("/processes");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (call, problem) = await bodies.ReadAsync(HttpContext, ct);
        if (call is null)
        {
            return problem!;
        }

        switch (await deploy.ExecuteAsync(call, ct))
        {
            case DeploymentOutcome.Done(var process):
                var baseAddress = BaseAddress;
                HttpContext.Response.Headers.Location = Addresses.Process(baseAddress, process.Id);
                return new JsonAnswer(json => ProcessWriter.WriteSummary(json, process, baseAddress)) { Status = StatusCodes.Status201Created };
            case DeploymentOutcome.Exists(var id):
                HttpContext.Response.Headers.Location = Addresses.Process(BaseAddress, id);
                return Problems.Duplicate(id);
            case var other:
                return DeploymentAnswers.Of(other);
        }
    }
}
