using GeoWps.Application.Processes.Recall;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>The request's <c>Cache-Control</c> (RFC 9111, clause 5.2.1) as a wish about older results. What can't be read says nothing.</summary>
internal static class CacheControl
{
    public static AgeWish Read(HttpRequest request)
    {
        if (!CacheControlHeaderValue.TryParse(request.Headers.CacheControl.ToString(), out var said))
        {
            return AgeWish.Unsaid;
        }

        var noRecall = said.NoCache || said.NoStore || said.MaxAge == TimeSpan.Zero;
        return new AgeWish(noRecall ? null : said.MaxAge, noRecall, said.NoStore);
    }
}
