using GeoWps.Adapters.Http.Answers;
using GeoWps.Application;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Health;

/// <summary><c>GET /health/ready</c>: this node takes new work; 503 while it starts and as soon as it stops.</summary>
internal sealed class ReadyEndpoint(Readiness readiness) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/health/ready");

    public override Task<IResult> ExecuteAsync(CancellationToken ct) => Task.FromResult<IResult>(
        readiness.IsLeaving || readiness.IsDraining ? HealthAnswer.Of("stopping", StatusCodes.Status503ServiceUnavailable)
        : readiness.IsReady ? HealthAnswer.Of("ready", StatusCodes.Status200OK)
        : HealthAnswer.Of("starting", StatusCodes.Status503ServiceUnavailable));
}
