using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Results;

/// <summary>One bare value in its own media type; values of an output of several as a JSON array.</summary>
internal sealed class OutputAnswer(OutputValue value, IBlobStore blobs) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        // What a caller put in comes out here under our name: a browser must not run it.
        httpContext.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
        switch (value)
        {
            case OutputValue.Literal literal:
                httpContext.Response.Headers.Vary = "Accept";
                var (bytes, contentType) = OutputForm.Bare(literal, Accept.OnlyJson(httpContext.Request));
                await new StoredAnswer(bytes, contentType).ExecuteAsync(httpContext);
                break;
            case OutputValue.Content content:
                await new ContentAnswer(content, blobs).ExecuteAsync(httpContext);
                break;
            default:
                await WriteArrayAsync(httpContext);
                break;
        }
    }

    private async Task WriteArrayAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = Media.Json;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            using var writer = new DocumentWriter(httpContext.Response.BodyWriter, blobs);
            await writer.WriteAsync(value, httpContext.RequestAborted);
            await writer.FlushAsync(httpContext.RequestAborted);
        }
    }
}
