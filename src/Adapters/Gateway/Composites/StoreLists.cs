using System.Globalization;
using GeoWps.Adapters.Gateway.Answers;
using GeoWps.Adapters.Gateway.Forwarding;
using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Application.Nodes;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Gateway.Composites;

/// <summary>Lists of what nodes have that do not share a store: jobs and layers. Where all share one, any of them answers.</summary>
internal sealed class StoreLists(NodeForwarder forwarder, NodeDirectory directory, CompositeAnswers composites, IOptions<GatewayOptions> options)
{
    public const string JobsPath = "/jobs";
    public const string CollectionsPath = "/collections";

    // Those of a node, which may not be asked for more.
    private const int StandardLimit = 100;
    private const int MaxLimit = 1000;

    /// <summary><c>GET /jobs</c>, newest first.</summary>
    public Task JobsAsync(HttpContext context) => SendAsync(
        context,
        NodeServices.Processes,
        JobsPath,
        new ListForm("jobs", NewestFirst: true),
        merged => HtmlText.List(merged, "Jobs", "jobs", "jobID", ("Job", "jobID"), ("Process", "processID"), ("Status", "status"), ("Created", "created")));

    /// <summary><c>GET /collections</c>, by id; the catalogue comes last, as on each node.</summary>
    public Task CollectionsAsync(HttpContext context) => SendAsync(
        context,
        NodeServices.Tiles,
        CollectionsPath,
        new ListForm("collections", Last: CatalogueId.Value),
        merged => HtmlText.List(merged, "Collections", "collections", "id", ("Collection", "id"), ("Title", "title")));

    private async Task SendAsync(HttpContext context, string service, string path, ListForm form, Func<byte[], byte[]> page)
    {
        if (!directory.Services.TryGetValue(service, out var nodes) || !nodes.HasSeveralStores)
        {
            await forwarder.ForwardAsync(context, new Destination(service, path, null));
            return;
        }

        var query = context.Request.Query;
        if (CompositeAnswers.Number(query, "limit", StandardLimit, 1, out var limit) is { } mistake)
        {
            await mistake.WriteAsync(context);
            return;
        }

        limit = Math.Min(limit, MaxLimit);
        var asked = QueryString.Create([new("f", "json"), new("limit", limit.ToString(CultureInfo.InvariantCulture)), .. CompositeAnswers.Others(query, "f", "limit")]);
        await composites.MergedAsync(
            context,
            await composites.AskStoresAsync(context, nodes, path, asked, TimeSpan.FromMilliseconds(options.Value.PartMilliseconds)),
            service,
            parts => Merging.Lists(parts, form, limit, CompositeAnswers.Address(context), after => CompositeAnswers.Address(context, ("after", after))),
            page);
    }
}
