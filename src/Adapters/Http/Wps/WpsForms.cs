using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wps;

/// <summary>In which form to tell what goes wrong before a request of WPS was read.</summary>
internal static class WpsForms
{
    private static readonly PathString _path = "/wps";

    /// <summary>Where the request is one of WPS: by the version among the parameters, else the highest; locations of statuses are of 1.0.0.</summary>
    public static void Set(HttpContext context)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments(_path, out var rest))
        {
            var version = rest.HasValue && rest.Value.Length > 1 ? WpsVersion.V100 : WpsVersions.Parse(new KvpQuery(request.QueryString.Value ?? "")["version"]) ?? WpsVersions.All[0];
            context.Features.Set<IProblemForm>(version.Reports());
        }
    }
}
