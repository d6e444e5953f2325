using GeoWps.Adapters.Http.Answers;
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
        var listing = documents.List(BaseAddress);
        if (Request.Query.Count == 0)
        {
            return Task.FromResult<IResult>(listing.Whole(() => Answer(listing, [], after: null, DefaultLimit)));
        }

        if (Parameters.Limit(Request.Query, DefaultLimit, MaxLimit, out var limit) is { } mistake)
        {
            return Task.FromResult<IResult>(Problems.InvalidParameters([mistake]));
        }

        var words = Request.Query["q"].ToString().Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var after = Request.Query["after"].ToString();
        return Task.FromResult<IResult>(Answer(listing, words, after.Length == 0 ? null : after, limit));
    }

    private StoredAnswer Answer(ProcessListing listing, string[] words, string? after, int limit)
    {
        var page = listing.Page(words, after, limit);
        var self = new Link(Request.With("after", after), "self", Media.Json, "This document");
        return page.Next is null ? page.Answer(self) : page.Answer(self, new Link(Request.With("after", page.Next), "next", Media.Json, "Next page"));
    }
}
