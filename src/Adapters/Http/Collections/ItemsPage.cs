using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Features;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Collections;

/// <summary>Features for people: OGC 17-069r4, class "HTML".</summary>
internal static class ItemsPage
{
    /// <summary>Characters of a geometry that anybody would read.</summary>
    private const int MostGeometry = 20_000;

    public static async Task<IResult> AnswerAsync(LayerFeatures features, Layer layer, FeatureRequest asked, HttpRequest request, CancellationToken cancellationToken)
    {
        var (rows, isMore) = (new List<Row>(), false);
        await using (var cursor = await features.OpenAsync(layer, asked.Query with { Limit = asked.Query.Limit + 1 }, cancellationToken))
        {
            while (await cursor.ReadAsync(cancellationToken))
            {
                if (rows.Count == asked.Query.Limit)
                {
                    isMore = true;
                    break;
                }

                rows.Add(new Row(cursor.Id.ToString(), JsonElement.Parse(JsonAnswer.Bytes(cursor.WriteProperties))));
            }
        }

        var matched = await features.CountAsync(layer, asked.Query, cancellationToken);
        var baseAddress = request.BaseAddress();
        var fields = asked.Query.Fields ?? layer.Contents.Fields;
        var page = new Page($"Features of {layer.Title}", baseAddress, Trail(baseAddress, layer), [Links.ToJson(request.With())]);
        return page.Answer(html =>
        {
            html.Element("p", matched is { } all ? $"{Number(rows.Count)} of {Number(all)} features." : $"{Number(rows.Count)} features.");
            html.Table(["Feature", .. fields.Select(field => field.Name)], rows, row =>
            {
                html.Element("td", () => html.Link(Addresses.In(FeatureLinks.Item(baseAddress, layer, row.Id), Representation.Html), row.Id));
                foreach (var field in fields)
                {
                    html.Element("td", () => Value(html, row.Properties, field));
                }
            });
            html.Element("p", () =>
            {
                if (request.Query.ContainsKey("after"))
                {
                    html.Link(request.With(("after", null)), "First page");
                    html.Text(" ");
                }

                if (isMore)
                {
                    html.Link(request.With(("after", rows[^1].Id)), "Next page");
                }
            });
        });
    }

    public static IResult One(LayerFeatures features, Layer layer, FeatureCursor cursor, string baseAddress, IReadOnlyList<Link> links)
    {
        using var writer = features.Writer(layer, Crs.Crs84);
        var bytes = JsonAnswer.Bytes(json => writer.Write(json, cursor));
        var feature = JsonElement.Parse(bytes);
        var id = cursor.Id.ToString();
        (string, string)[] trail = [.. Trail(baseAddress, layer), (Addresses.In(FeatureLinks.Items(baseAddress, layer), Representation.Html), "Features")];
        return new Page($"{layer.Title}: {id}", baseAddress, trail, links).Answer(html =>
        {
            html.Element("dl", () =>
            {
                foreach (var field in layer.Contents.Fields)
                {
                    html.Fact(field.Name, () => Value(html, feature.GetProperty("properties"), field));
                }
            });
            html.Element("h2", "Geometry");
            var geometry = feature.GetProperty("geometry");
            if (geometry.ValueKind == JsonValueKind.Null)
            {
                html.Element("p", "It has none.");
            }
            else if (geometry.GetRawText() is { Length: <= MostGeometry } text)
            {
                html.Element("pre", text, ("tabindex", "0"), ("aria-label", "Geometry as GeoJSON"));
            }
            else
            {
                html.Element("p", $"{geometry.GetProperty("type").GetString()}, {Number(Encoding.UTF8.GetByteCount(geometry.GetRawText()))} bytes as GeoJSON.");
            }
        });
    }

    private static (string Href, string Name)[] Trail(string baseAddress, Layer layer) =>
        [($"{baseAddress}collections?f=html", "Collections"), (Addresses.In(FeatureLinks.Collection(baseAddress, layer), Representation.Html), layer.Title)];

    /// <summary>Addresses of the web can be followed.</summary>
    private static void Value(HtmlWriter html, JsonElement properties, LayerField field)
    {
        var value = properties.TryGetProperty(field.Name, out var found) ? found : default;
        switch (value.ValueKind)
        {
            case JsonValueKind.String when value.GetString()!.StartsWith("http", StringComparison.Ordinal) && Uri.IsWellFormedUriString(value.GetString(), UriKind.Absolute):
                html.Link(value.GetString()!, value.GetString()!);
                break;
            case JsonValueKind.String:
                html.Text(value.GetString());
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                html.Text(value.GetRawText());
                break;
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Row(string Id, JsonElement Properties);
}
