using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Results;

/// <summary>Nothing but links to the results: <c>response=raw</c>, all by reference.</summary>
internal sealed class ReferencesAnswer(IReadOnlyList<ResultItem> items, OutputAddresses addresses) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
        foreach (var (href, value) in items.SelectMany(item => addresses.All(item.Value)))
        {
            httpContext.Response.Headers.Append("Link", Links.Header(href, Links.Results, OutputForm.MediaTypeOf(value)));
        }

        return Task.CompletedTask;
    }
}
