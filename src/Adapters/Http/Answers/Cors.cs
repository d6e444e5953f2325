using GeoWps.Adapters.Http.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>
/// Lets pages of any origin use the API (recommendation /rec/core/cross-origin): nothing here goes by cookies, so no origin is worth more than another.
/// </summary>
internal sealed class Cors(RequestDelegate next)
{
    private static readonly StringValues Anyone = "*";
    private static readonly StringValues Exposed = "Location, Link, ETag, Content-Crs, Preference-Applied, Content-Range, Content-Disposition, Retry-After, " + Tus.Exposed;
    private static readonly StringValues Methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    public static void Allow(HttpResponse response)
    {
        response.Headers.AccessControlAllowOrigin = Anyone;
        response.Headers.AccessControlExposeHeaders = Exposed;
        response.Headers.XContentTypeOptions = "nosniff";
    }

    public async Task InvokeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        Allow(response);
        if (!HttpMethods.IsOptions(request.Method))
        {
            await next(context);
            return;
        }

        if (request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            response.Headers.AccessControlAllowMethods = Methods;
            response.Headers.AccessControlAllowHeaders = request.Headers.AccessControlRequestHeaders;
            response.Headers.AccessControlMaxAge = "86400";
            return;
        }

        // Routing knows what a path can do; it says so in the Allow header of its refusal.
        await next(context);
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed && !response.HasStarted)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            var allowed = response.Headers.Allow.SelectMany(verbs => (verbs ?? "").Split(',', StringSplitOptions.TrimEntries));
            response.Headers.Allow = string.Join(", ", allowed.Append("OPTIONS"));
        }
    }
}
