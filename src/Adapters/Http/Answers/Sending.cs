using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>What answers of every form do on the wire.</summary>
internal static class Sending
{
    /// <summary>A small document that changes: whole, with its length, and asked for anew each time.</summary>
    public static Task SendAsync(this HttpContext context, byte[] bytes, string contentType, int status, bool isSecret = false)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = isSecret ? "no-store" : "no-cache";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    /// <summary><c>Retry-After</c> in whole seconds, at least one: RFC 9110, clause 10.2.3.</summary>
    public static void ComeBackAfter(this HttpResponse response, TimeSpan wait) =>
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
