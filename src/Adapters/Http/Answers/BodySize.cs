using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GeoWps.Adapters.Http.Answers;

internal static class BodySize
{
    /// <summary>For who counts for himself: the server's own limit would only cut in before him with another message.</summary>
    public static void Lift(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }
}
