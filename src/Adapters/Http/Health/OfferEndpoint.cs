using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Nodes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Health;

/// <summary><c>GET /health/offer</c>: what gateways ask a node for, to make their routes of it (<see cref="NodeOfferDocument"/>).</summary>
internal sealed class OfferEndpoint(OfferDocument document) : ApiEndpoint
{
    public override void Configure() => GetAndHead(NodeOfferDocument.Path);

    public override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var (bytes, tag) = document.Written;
        HttpContext.Response.Headers.ETag = tag.ToString();
        return Task.FromResult(Conditions.NoneMatches(Request, tag) ? (IResult)TypedResults.StatusCode(StatusCodes.Status304NotModified) : JsonAnswer.Of(bytes, Media.Json));
    }
}
