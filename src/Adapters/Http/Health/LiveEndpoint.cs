using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Health;

/// <summary><c>GET /health/live</c>: this process answers.</summary>
internal sealed class LiveEndpoint : ApiEndpoint
{
    public override void Configure() => GetAndHead("/health/live");

    public override Task<IResult> ExecuteAsync(CancellationToken ct) => Task.FromResult<IResult>(HealthAnswer.Of("live", StatusCodes.Status200OK));
}

internal static class HealthAnswer
{
    public static JsonAnswer Of(string status, int code) => new(json =>
    {
        json.WriteStartObject();
        json.WriteString("status", status);
        json.WriteEndObject();
    })
    {
        Status = code,
    };
}
