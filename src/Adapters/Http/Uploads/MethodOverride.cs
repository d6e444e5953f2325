using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary>For clients that can only GET and POST: below <c>/uploads</c> the header <c>X-HTTP-Method-Override</c> of a POST says what is meant. Before routing.</summary>
internal sealed class MethodOverride(RequestDelegate next)
{
    private static readonly string[] _meant = [HttpMethods.Patch, HttpMethods.Delete, HttpMethods.Head];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsPost(request.Method) && request.Headers.TryGetValue(Tus.OverrideHeader, out var meant) && request.Path.StartsWithSegments("/uploads")
            && Array.Find(_meant, method => method.Equals(meant, StringComparison.OrdinalIgnoreCase)) is { } method)
        {
            request.Method = method;
        }

        return next(context);
    }
}
