using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Features;
using GeoWps.Application.Layers;
using GeoWps.Application.Records.Use;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Collections;

/// <summary><c>GET /collections/{layer}/items/{feature}</c>: OGC 17-069r4, 7.17 and 7.18.</summary>
internal sealed class ItemEndpoint(LayerCatalogue layers, LayerFeatures features, UseCounts counts) : FeaturesEndpoint(layers, features, counts)
{
    public override void Configure() => GetAndHead("/collections/{layer}/items/{feature}");

    protected override async Task<IResult> AnswerAsync(Layer layer, CancellationToken ct)
    {
        HttpContext.Response.Headers.Vary = "Accept";
        var crs = Crs.Crs84;
        if (Representation.Wrong(Request) is { } form)
        {
            return Problems.InvalidParameters([form]);
        }

        if (Parameters.Unknown(Request.Query, "f", "crs") is { Count: > 0 } unknown)
        {
            return Problems.InvalidParameters(unknown);
        }

        if (Request.Query.TryGetValue("crs", out var named))
        {
            if (named.Count != 1 || Features.CrsOf(layer, named[0] ?? "") is not { } known)
            {
                return Problems.InvalidParameters([new("crs", $"must be {string.Join(" or ", Features.CrsOf(layer).Select(one => one.Uri))}")]);
            }

            crs = known;
        }

        var isPage = Representation.IsPage(Request);
        var tag = FeatureTag.Of(Features.VersionOf(layer), Request.With(), isPage);
        try
        {
            await using var cursor = await Features.FindAsync(layer, Segment("feature"), ct);
            if (cursor is null)
            {
                return Problems.NoSuchFeature(layer.Id, Segment("feature"));
            }

            if (tag is not null)
            {
                HttpContext.Response.Headers.ETag = tag.ToString();
                if (Conditions.NoneMatches(Request, tag))
                {
                    return TypedResults.StatusCode(StatusCodes.Status304NotModified);
                }
            }

            return Counted(isPage ? ItemsPage.One(Features, layer, cursor, BaseAddress, [.. LinksOf(layer, cursor.Id.ToString())]) : Json(layer, cursor, crs), layer, isData: false);
        }
        catch (FeatureStoreException failure)
        {
            HttpContext.Response.Headers.ETag = default;
            return Problems.NotRead(failure.Message, failure.RetryAfter);
        }
    }

    private IResult Json(Layer layer, FeatureCursor cursor, Crs crs)
    {
        Link[] links = [.. LinksOf(layer, cursor.Id.ToString())];
        using var writer = Features.Writer(layer, crs);

        // Now, while the cursor stands on it.
        var bytes = JsonAnswer.Bytes(json => writer.Write(json, cursor, more => more.WriteLinks(links)));
        HttpContext.Response.Headers[FeatureLinks.ContentCrs] = $"<{crs.Uri}>";
        foreach (var link in links)
        {
            HttpContext.Response.Headers.Append("Link", Links.Header(link.Href, link.Rel, link.Type));
        }

        return JsonAnswer.Of(bytes, Media.GeoJson);
    }

    private IEnumerable<Link> LinksOf(Layer layer, string id)
    {
        yield return new Link(Request.With(), "self", Media.GeoJson, "This feature");
        yield return new Link(Request.With(("f", "html")), "alternate", Media.HtmlType, "This feature as a page");
        yield return new Link(FeatureLinks.Collection(BaseAddress, layer), Links.Collection, Media.Json, layer.Title);
        yield return new Link(FeatureLinks.Item(BaseAddress, layer, id), "canonical", Media.GeoJson, $"Feature {id}");
    }
}
