using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Landing;

/// <summary><c>GET /</c>: JSON, or a page for a browser, by <c>Accept</c> or <c>?f=</c>.</summary>
internal sealed class LandingEndpoint(IOptions<HttpOptions> options) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/");

    public override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        HttpContext.Response.Headers.Vary = "Accept";
        var page = new LandingPage(options.Value.Title, BaseAddress);
        return Task.FromResult<IResult>(Request.Query["f"].ToString() switch
        {
            "html" => Html(page),
            "json" => page.AsJson(),
            "" => Accept.Prefers(Request, "text/html", Media.Json) ? Html(page) : page.AsJson(),
            var other => Problems.InvalidParameters([new Mistake("f", $"json or html, not {other}")]),
        });
    }

    private static StoredAnswer Html(LandingPage page) => new(page.AsHtml(), Media.Html);
}
