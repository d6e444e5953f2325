using System.Globalization;
using System.Numerics;
using GeoWps.Adapters.Gateway.Answers;
using GeoWps.Adapters.Gateway.Forwarding;
using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Application.Nodes;
using GeoWps.Application.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Gateway.Composites;

/// <summary>
/// The search over all nodes that offer records: <c>/search</c> and <c>/collections/records/items</c>. Of nodes that share a store one is asked; where that is all of them, the request is simply
/// forwarded.
/// </summary>
internal sealed class RecordAnswers(NodeForwarder forwarder, NodeDirectory directory, CompositeAnswers composites, IOptions<GatewayOptions> options, TimeProvider clock)
{
    public const string SearchPath = "/search";
    public const string ItemsPath = "/collections/records/items";

    public const string ChangesPath = "/collections/records/changes";

    private const string CataloguePath = "/collections/records";

    private const string Service = NodeServices.Records;
    private const int StandardLimit = 10;

    // As much as a node gives at once.
    private const int MaxWanted = 2_000;

    private readonly GatewayOptions _options = options.Value;

    /// <summary>A search.</summary>
    public async Task SearchAsync(HttpContext context, string path)
    {
        if (!directory.Services.TryGetValue(Service, out var nodes) || !nodes.HasSeveralStores)
        {
            await forwarder.ForwardAsync(context, new Destination(Service, path, null));
            return;
        }

        var query = context.Request.Query;
        if ((Limit(query, out var limit) ?? Form(query) ?? CompositeAnswers.Number(query, "offset", 0, 0, out _)) is { } mistake)
        {
            await mistake.WriteAsync(context);
            return;
        }

        CompositeAnswers.Number(query, "offset", 0, 0, out var offset);
        var isPage = HtmlText.IsWanted(context.Request);
        limit = Math.Min(limit, isPage ? RecordPages.Most : MaxWanted);
        if ((long)offset + limit > MaxWanted)
        {
            await GatewayProblem.BadParameter($"offset and limit go to {Text(MaxWanted)} at most over several nodes; more words or a filter find what is further down.").WriteAsync(context);
            return;
        }

        // Empty fields of a form are as if they were not there, for the nodes as well.
        var sortBy = SortBy(query["sortby"].ToString());
        var search = new MergedSearch(
            offset,
            limit,
            sortBy.Count == 0 && query["q"].ToString().Length > 0,
            sortBy,
            at => CompositeAnswers.Address(context, ("offset", Text(at))),
            CompositeAnswers.Address(context, ("f", "html")),
            UriHelper.BuildAbsolute(context.Request.Scheme, context.Request.Host, context.Request.PathBase, CataloguePath),
            clock.GetUtcNow());
        KeyValuePair<string, string?>[] counted = isPage && !query.ContainsKey("facets") ? [new("facets", RecordPages.Facets)] : [];
        var asked = QueryString.Create([new("f", "json"), new("limit", Text(offset + limit)), .. counted, .. CompositeAnswers.Others(query, "f", "limit", "offset")]);
        var pages = new RecordPages(query, context.Request.PathBase + path, (name, value) => CompositeAnswers.Changed(context, name, value));
        await composites.MergedAsync(
            context,
            await composites.AskStoresAsync(context, nodes, path, asked, TimeSpan.FromMilliseconds(_options.SearchMilliseconds)),
            Service,
            parts => RecordMerging.Merge(parts, search),
            merged => pages.Search(merged, offset),
            contentType: "application/geo+json");
    }

    /// <summary>What has changed since a state, which is one store's: of several there is none, and who harvests them asks by times instead.</summary>
    public Task ChangesAsync(HttpContext context) => directory.Services.TryGetValue(Service, out var nodes) && nodes.HasSeveralStores
        ? GatewayProblem.NotFound(context.Request.Path).WriteAsync(context)
        : forwarder.ForwardAsync(context, new Destination(Service, ChangesPath, null));

    // As a node refuses it: nodes themselves are always asked for JSON.
    private static GatewayProblem? Form(IQueryCollection query) => query["f"].ToString() is "" or "json" or "html" ? null : GatewayProblem.BadParameter($"f: must be json or html (got {query["f"]})");

    /// <summary>However great it is, the greatest is meant.</summary>
    private static GatewayProblem? Limit(IQueryCollection query, out int limit)
    {
        var text = query["limit"].ToString();
        limit = text.Length == 0 ? StandardLimit : MaxWanted;
        return text.Length == 0 || (BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted > MaxWanted)
            ? null
            : CompositeAnswers.Number(query, "limit", StandardLimit, 1, out limit);
    }

    private static List<(string, bool)> SortBy(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part => (part.TrimStart('+', '-', ' '), part[0] == '-'))];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
