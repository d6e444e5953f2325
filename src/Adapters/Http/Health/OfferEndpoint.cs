using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Nodes;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Health;

/// <summary><c>GET /health/offer</c>: what gateways ask a node for, to make their routes of it (<see cref="NodeOfferDocument"/>).</summary>
internal sealed class OfferEndpoint(OfferDocument document, CallerSeal seal) : ApiEndpoint
{
    public override void Configure() => GetAndHead(NodeOfferDocument.Path);

    public override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var (bytes, tag) = document.Written;
        HttpContext.Response.Headers.ETag = tag.ToString();
        if (Request.Headers.TryGetValue(CallerSeal.Header, out var told) && seal.Read(told.ToString(), Request.Method, Request.Path.Value + Request.QueryString.Value) is null)
        {
            // Before it passes callers on that all count as those from elsewhere.
            HttpContext.Response.Headers[CallerSeal.JudgementHeader] = CallerSeal.NotTaken;
        }

        return Task.FromResult(Conditions.NoneMatches(Request, tag) ? (IResult)TypedResults.StatusCode(StatusCodes.Status304NotModified) : JsonAnswer.Of(bytes, Media.Json));
    }
}
