using FastEndpoints;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>What the endpoints share: an answer is an <see cref="IResult"/>, and parts of the path are text until the endpoint has judged them.</summary>
internal abstract class ApiEndpoint : EndpointWithoutRequest<IResult>
{
    protected HttpRequest Request => HttpContext.Request;

    /// <summary>The server's own address as the caller wrote it, ending in a slash.</summary>
    protected string BaseAddress => HttpContext.Request.BaseAddress();

    /// <summary>The resource as whoever asks wants to see it.</summary>
    protected IResult Represent(Func<IResult> json, Func<IResult> page)
    {
        HttpContext.Response.Headers.Vary = "Accept";
        return Representation.Wrong(Request) is { } mistake ? Problems.InvalidParameters([mistake])
            : Representation.IsPage(Request) ? page() : json();
    }

    protected string Segment(string name) => HttpContext.Request.RouteValues[name] as string ?? "";

    /// <summary>Whatever can be got can be asked for without its body: RFC 9110, clause 9.3.2.</summary>
    protected void GetAndHead(string route)
    {
        Verbs("GET", "HEAD");
        Routes(route);
    }
}
