using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary>Bodies that are as large as an upload, and as slow as a train's connection.</summary>
internal static class UploadBody
{
    /// <summary>A body that has stood still for longer is given up; what came of it is kept. Long enough for a tunnel.</summary>
    private static readonly MinDataRate _slowest = new(bytesPerSecond: 32, gracePeriod: TimeSpan.FromSeconds(60));

    /// <summary>Before the body is read.</summary>
    public static void Allow(HttpContext context)
    {
        BodySize.Lift(context);
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = _slowest;
        }
    }

    public static bool IsOffered(HttpRequest request) =>
        HasItsType(request) && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    public static bool HasItsType(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(Tus.BodyType, StringComparison.OrdinalIgnoreCase);
}
