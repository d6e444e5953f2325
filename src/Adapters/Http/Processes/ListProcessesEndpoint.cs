using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Processes;

/// <summary><c>GET /processes</c>: clause 7.9, with <c>limit</c>, paging, and <c>q</c> to search.</summary>
internal sealed class ListProcessesEndpoint(ProcessDocuments documents) : ApiEndpoint
{
    /// <summary>All processes of a QGIS fit on one page, for the sake of clients that do not page.</summary>
    public const int DefaultLimit = 1000;

    public const int MaxLimit = 10_000;

    public override void Configure() => GetAndHead("/processes");

    public override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Representation.Wrong(Request) is { } wrong)
        {
            return Task.FromResult<IResult>(Problems.InvalidParameters([wrong]));
        }

        HttpContext.Response.Headers.Vary = "Accept";
        var listing = documents.List(BaseAddress);
        var isPage = Representation.IsPage(Request);
        if (Request.Query.Count == (Request.Query.ContainsKey("f") ? 1 : 0))
        {
            return Task.FromResult<IResult>(isPage
                ? listing.WholePage(() => Page(listing.Page([], null, DefaultLimit)))
                : listing.Whole(() => Answer(listing.Page([], null, DefaultLimit), null)));
        }

        if (Parameters.Limit(Request.Query, DefaultLimit, MaxLimit, out var limit) is { } mistake)
        {
            return Task.FromResult<IResult>(Problems.InvalidParameters([mistake]));
        }

        var words = Request.Query["q"].ToString().Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var after = Request.Query["after"].ToString() is { Length: > 0 } last ? last : null;
        var page = listing.Page(words, after, limit);
        return Task.FromResult<IResult>(isPage ? Page(page) : Answer(page, after));
    }

    private StoredAnswer Answer(ProcessListPage page, string? after)
    {
        Link[] links =
        [
            new(Address(null, after), "self", Media.Json, "This document"),
            new(Address(Representation.Html, after), "alternate", "text/html", "This document as a page"),
        ];
        return page.Next is null ? page.Answer(links) : page.Answer([.. links, new Link(Address(null, page.Next), "next", Media.Json, "Next page")]);
    }

    private StoredPage Page(ProcessListPage page) => ProcessesPage
        .Of(BaseAddress, [Links.ToJson(Request.With())])
        .Store(html => ProcessesPage.Write(
            html, BaseAddress, page.Processes, Request.Query["q"].ToString(), page.Next is null ? null : Address(Representation.Html, page.Next)));

    /// <summary>This address with another form and place in the list; JSON is what it is without <c>f</c>.</summary>
    private string Address(string? form, string? after) => Request.With(("f", form), ("after", after));
}
