using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Adapters.Http.Records;
using GeoWps.Application.Layers;
using GeoWps.Application.Nodes;
using GeoWps.Domain.Layers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Collections;

/// <summary><c>GET /collections</c>: the layers of this server by their ids, page by page. OGC API - Features 1.0 (OGC 17-069r4), 7.13.</summary>
internal sealed class CollectionsEndpoint(LayerCatalogue layers, CollectionDocument document, CatalogueDocument catalogue, ThisNode node) : ApiEndpoint
{
    private const int Standard = 100;
    private const int Most = 1000;

    public override void Configure() => GetAndHead("/collections");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Parameters.Unknown(Request.Query, "f", "limit", "after") is { Count: > 0 } unknown)
        {
            return Problems.InvalidParameters(unknown);
        }

        if (Parameters.Limit(Request.Query, Standard, Most, out var limit) is { } mistake)
        {
            return Problems.InvalidParameters([mistake]);
        }

        var after = Request.Query["after"].ToString() is { Length: > 0 } id ? id : null;
        var found = await layers.ListAsync(after, limit + 1, ct);
        var (page, baseAddress) = (found.Take(limit).ToArray(), BaseAddress);
        var next = found.Count > limit ? Request.With(("after", page[^1].Id)) : null;
        return Represent(
            () => new JsonAnswer(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("collections");
                foreach (var layer in page)
                {
                    document.Write(json, layer, baseAddress);
                }

                // After the layers: clients exist that take the first.
                if (next is null && node.Offers(NodeServices.Records))
                {
                    catalogue.Write(json, baseAddress);
                }

                json.WriteEndArray();
                List<Link> links = [new(Request.With(("f", "json")), "self", Media.Json, "This document"), new(Request.With(("f", "html")), "alternate", Media.HtmlType, "This document as a page")];
                if (next is not null)
                {
                    links.Add(new Link(next, "next", Media.Json, "Next page"));
                }

                json.WriteLinks([.. links]);
                json.WriteEndObject();
            }),
            () => Page(page, next));
    }

    private IResult Page(IReadOnlyList<Layer> page, string? next) => new Page("Collections", BaseAddress, [], [Links.ToJson(Request.With())]).Answer(html =>
    {
        if (node.Offers(NodeServices.Records))
        {
            html.Element("p", () => html.Link(Addresses.In(RecordAddresses.Items(BaseAddress), Representation.Html), "Search in everything that this server knows"));
        }

        if (page.Count == 0)
        {
            html.Element("p", "There are none yet. Layers are published with: ./geowps layers add FILE");
            return;
        }

        html.Element("p", "The layers of this server: their tiles, and their features where they have some.");
        html.Table(["Layer", "Kind", "Features"], page, layer =>
        {
            html.Element("td", () => html.Link($"{BaseAddress}collections/{layer.Id}?f=html", layer.Title));
            html.Element("td", layer.Contents.GeometryType ?? (layer.IsVector ? "Features" : "Map"));
            html.Element("td", layer.Contents.FeatureCount?.ToString("N0", CultureInfo.InvariantCulture));
        });
        if (next is not null)
        {
            html.Element("p", () => html.Link(next, "Next page"));
        }
    });
}

/// <summary><c>GET /collections/{layer}</c>: OGC 17-069r4, 7.14.</summary>
internal sealed class CollectionEndpoint(LayerCatalogue layers, CollectionDocument document, LayerPreview preview) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/collections/{layer}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (await layers.FindAsync(Segment("layer"), ct) is not { } layer)
        {
            return Problems.NoSuchCollection(Segment("layer"));
        }

        if (Parameters.Unknown(Request.Query, "f") is { Count: > 0 } unknown)
        {
            return Problems.InvalidParameters(unknown);
        }

        var baseAddress = BaseAddress;
        return Represent(() => new JsonAnswer(json => document.Write(json, layer, baseAddress)), () => CollectionPage.Of(layer, baseAddress, [.. document.LinksOf(layer, baseAddress)], preview.Of(layer, baseAddress)));
    }
}
