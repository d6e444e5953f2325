using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Landing;

/// <summary><c>GET /</c>: JSON, or a page for a browser, by <c>Accept</c> or <c>?f=</c>.</summary>
internal sealed class LandingEndpoint(IOptions<HttpOptions> options) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/");

    public override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Parameters.Unknown(Request.Query, "f") is { Count: > 0 } unknown)
        {
            return Task.FromResult<IResult>(Problems.InvalidParameters(unknown));
        }

        var page = new LandingPage(options.Value.Title, BaseAddress);
        return Task.FromResult(Represent(page.AsJson, page.AsPage));
    }
}
