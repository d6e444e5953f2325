using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Features;
using GeoWps.Application.Layers;
using GeoWps.Application.Records.Use;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Collections;

/// <summary><c>GET /collections/{layer}/queryables</c>: the fields that are parameters of its items, as a JSON Schema. OGC API - Features - Part 3 (OGC 19-079r2), 6.2.</summary>
internal sealed class QueryablesEndpoint(LayerCatalogue layers, LayerFeatures features, UseCounts counts) : FeaturesEndpoint(layers, features, counts)
{
    public override void Configure() => GetAndHead("/collections/{layer}/queryables");

    protected override Task<IResult> AnswerAsync(Layer layer, CancellationToken ct)
    {
        if (Parameters.Unknown(Request.Query, "f") is { Count: > 0 } unknown)
        {
            return Task.FromResult<IResult>(Problems.InvalidParameters(unknown));
        }

        var baseAddress = BaseAddress;
        return Task.FromResult(Represent(() => new JsonAnswer(json => Write(json, layer, baseAddress)) { ContentType = FeatureLinks.SchemaType }, () => Page(layer, baseAddress)));
    }

    private static void Write(Utf8JsonWriter json, Layer layer, string baseAddress)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("$id", $"{FeatureLinks.Collection(baseAddress, layer)}/queryables");
        json.WriteString("type", "object");
        json.WriteString("title", layer.Title);
        json.WriteStartObject("properties");
        foreach (var field in layer.Contents.Fields)
        {
            json.WriteStartObject(field.Name);
            json.WriteString("title", field.Name);
            json.WriteString("type", field.Type);
            json.WriteIfAny("format", field.Format);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteBoolean("additionalProperties", false);
        json.WriteEndObject();
    }

    private static IResult Page(Layer layer, string baseAddress)
    {
        var collection = FeatureLinks.Collection(baseAddress, layer);
        return new Page(
            $"Fields of {layer.Title}", baseAddress, [($"{baseAddress}collections?f=html", "Collections"), (Addresses.In(collection, Representation.Html), layer.Title)], [Links.ToJson(collection + "/queryables")]).Answer(html =>
        {
            html.Element("p", "Features can be asked for by these: items?NAME=VALUE.");
            html.Table(["Name", "Type"], layer.Contents.Fields, field =>
            {
                html.Element("td", field.Name);
                html.Element("td", field.Format ?? field.Type);
            });
        });
    }
}
