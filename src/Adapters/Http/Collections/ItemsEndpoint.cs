using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Features;
using GeoWps.Application.Layers;
using GeoWps.Application.Records.Use;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Http.Collections;

/// <summary><c>GET /collections/{layer}/items</c>: OGC API - Features 1.0 (OGC 17-069r4), 7.15 and 7.16; CRSs by Part 2 (OGC 18-058r1).</summary>
internal sealed class ItemsEndpoint(LayerCatalogue layers, LayerFeatures features, UseCounts counts, TimeProvider clock, ILogger<ItemsEndpoint> logger) : FeaturesEndpoint(layers, features, counts)
{
    /// <summary>Rows of a page for people.</summary>
    private const int MostRows = 500;

    public override void Configure() => GetAndHead("/collections/{layer}/items");

    protected override async Task<IResult> AnswerAsync(Layer layer, CancellationToken ct)
    {
        HttpContext.Response.Headers.Vary = "Accept";
        var (asked, mistakes) = Features.Read(layer, Request.Query.Where(pair => pair.Key != "f").SelectMany(pair => pair.Value, (pair, text) => KeyValuePair.Create(pair.Key, text ?? "")));
        Mistake[] wrong = Representation.Wrong(Request) is { } form ? [form, .. mistakes] : [.. mistakes];
        if (asked is null || wrong.Length > 0)
        {
            return Problems.InvalidParameters(wrong);
        }

        var isPage = Representation.IsPage(Request);
        if (FeatureTag.Of(Features.VersionOf(layer), Request.With(), isPage) is { } tag)
        {
            HttpContext.Response.Headers.ETag = tag.ToString();
            if (Conditions.NoneMatches(Request, tag))
            {
                return TypedResults.StatusCode(StatusCodes.Status304NotModified);
            }
        }

        try
        {
            if (isPage)
            {
                asked = asked with { Query = asked.Query with { Limit = Math.Min(asked.Query.Limit, MostRows) } };
                return Counted(await ItemsPage.AnswerAsync(Features, layer, asked, Request, ct), layer, isData: false);
            }

            var matched = await Features.CountAsync(layer, asked.Query, ct);
            return Counted(new ItemsAnswer(Features, layer, asked, matched, clock, logger), layer, isData: true);
        }
        catch (FeatureStoreException failure)
        {
            HttpContext.Response.Headers.ETag = default;
            return Problems.NotRead(failure.Message, failure.RetryAfter);
        }
    }
}
