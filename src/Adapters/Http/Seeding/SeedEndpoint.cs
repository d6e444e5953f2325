using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Tiles.Seeding;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Seeding;

/// <summary><c>POST /cache/{layer}/seed</c>: seed, reseed or truncate, as a job.</summary>
internal sealed class SeedEndpoint(SeedBody bodies, StartSeeding start) : AdminEndpoint
{
    public override void Configure() => Post("/cache/{layer}/seed");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (body, key, problem) = await bodies.ReadAsync(HttpContext, ct);
        return body is null ? problem! : SeedAnswers.Of(await start.ExecuteAsync(body, Segment("layer"), BaseAddress, key, ct), HttpContext);
    }
}
