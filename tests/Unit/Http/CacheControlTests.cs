using GeoWps.Adapters.Http.Processes;
using GeoWps.Application.Processes.Recall;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Tests.Unit.Http;

public sealed class CacheControlTests
{
    [Theory]
    [InlineData("", null, false, false)]
    [InlineData("max-age=60", 60, false, false)]
    [InlineData("Max-Age=60, private", 60, false, false)]
    [InlineData("max-age=0", null, true, false)]
    [InlineData("no-cache", null, true, false)]
    [InlineData("max-age=60, no-cache", null, true, false)]
    [InlineData("no-store", null, true, true)]
    [InlineData("max-age=soon", null, false, false)]
    [InlineData("only-if-cached", null, false, false)]
    public void A_request_says_whether_older_results_will_do(string header, int? seconds, bool noRecall, bool noStore)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.CacheControl = header;

        CacheControl.Read(context.Request).ShouldBe(new AgeWish(seconds is { } age ? TimeSpan.FromSeconds(age) : null, noRecall, noStore));
    }
}
