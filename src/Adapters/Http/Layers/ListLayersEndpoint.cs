using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;
using System.Globalization;

namespace GeoWps.Adapters.Http.Layers;

/// <summary><c>GET /admin/layers</c>: all layers by id, in pages.</summary>
internal sealed class ListLayersEndpoint(LayerCatalogue layers) : AdminEndpoint
{
    private const int Standard = 100;
    private const int Most = 1000;

    protected override Rights Needed => Rights.Publish;

    public override void Configure() => GetAndHead("/admin/layers");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        if (Parameters.Limit(Request.Query, Standard, Most, out var limit) is { } mistake)
        {
            return Problems.InvalidParameters([mistake]);
        }

        var after = Request.Query["after"].FirstOrDefault();
        var page = await layers.ListAsync(after, limit + 1, ct);
        var (count, baseAddress, self) = (await layers.CountAsync(ct), BaseAddress, Request.With());
        var next = page.Count > limit ? Request.With(("after", page[limit - 1].Id), ("limit", limit.ToString(CultureInfo.InvariantCulture))) : null;
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("numberMatched", count);
            json.WriteStartArray("layers");
            foreach (var layer in page.Take(limit))
            {
                LayerAnswers.Write(json, layer, baseAddress);
            }

            json.WriteEndArray();
            json.WriteLinks([new Link(self, "self", Media.Json, "This document"), .. next is null ? Array.Empty<Link>() : [new Link(next, "next", Media.Json, "The next page")]]);
            json.WriteEndObject();
        });
    }
}
