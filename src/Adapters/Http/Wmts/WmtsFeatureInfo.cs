using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Features;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wmts;

/// <summary>GetFeatureInfo: the features at a pixel of a tile. OGC 07-057r7, clause 7.3; its exceptions are those of its table of exception codes.</summary>
internal sealed class WmtsFeatureInfo(WmtsTiles tiles, LayerFeatures features, FeaturesAt pixels)
{
    /// <summary><c>InfoFormat</c>, and how an address ends: GeoJSON, text, a page.</summary>
    public static IReadOnlyList<(string MediaType, string Extension)> Formats { get; } = [(Media.Json, "json"), ("text/plain", "txt"), ("text/html", "html")];

    /// <param name="i">Pixels from the left.</param>
    /// <param name="j">Pixels from above.</param>
    /// <param name="format">A media type, or the ending of an address.</param>
    /// <param name="absent">The status of what there is not: 400 where a parameter names it, 404 where the address does.</param>
    public async Task<IResult> AnswerAsync(HttpRequest request, WmtsTile asked, string i, string j, string format, int absent, CancellationToken cancellationToken)
    {
        var (place, fault) = await tiles.FindAsync(asked, cancellationToken);
        if (fault is null && !features.Has(place!.Tileset.Layer))
        {
            // The layer names no InfoFormat.
            return Report(new OwsFault("OperationNotSupported", "GetFeatureInfo", $"The layer {asked.Layer} answers no GetFeatureInfo.", StatusCodes.Status501NotImplemented));
        }

        var form = Formats.FirstOrDefault(one => one.MediaType == format.Split(';')[0].Trim() || one.Extension == format);
        if (fault is null && form.MediaType is null)
        {
            fault = OwsFault.Invalid("InfoFormat", $"InfoFormat: must be {string.Join(", ", Formats.Select(one => one.MediaType))} (got {format})");
        }

        var (column, row) = (0, 0);
        fault ??= Judge("I", i, place!.Matrix.TileWidth, out column) ?? Judge("J", j, place.Matrix.TileHeight, out row);
        if (fault is not null)
        {
            return Report(fault with { Status = absent });
        }

        try
        {
            return await AnswerAsync(request, place!, pixels.Query(place!.Tileset, place.Level, place.Tile, column, row), form.MediaType!, cancellationToken);
        }
        catch (FeatureStoreException failure)
        {
            return new ExceptionReport(OwsNames.Ows1, [OwsFault.Other(failure.Message, StatusCodes.Status503ServiceUnavailable)]) { RetryAfter = failure.RetryAfter ?? TimeSpan.FromSeconds(10) };
        }
    }

    private async Task<IResult> AnswerAsync(HttpRequest request, WmtsPlace place, FeatureQuery? query, string mediaType, CancellationToken cancellationToken)
    {
        var layer = place.Tileset.Layer;
        await using var cursor = query is null ? null : await features.OpenAsync(layer, query, cancellationToken);
        if (mediaType == Media.Json)
        {
            return JsonAnswer.Of(await CollectionAsync(layer, cursor, cancellationToken), Media.Json);
        }

        var found = new List<(string Id, JsonElement Properties)>();
        while (cursor is not null && await cursor.ReadAsync(cancellationToken))
        {
            found.Add((cursor.Id.ToString(), JsonElement.Parse(JsonAnswer.Bytes(cursor.WriteProperties))));
        }

        return mediaType == "text/html" ? PageOf(layer, found, request.BaseAddress()) : TypedResults.Text(TextOf(layer, found), "text/plain", Encoding.UTF8);
    }

    /// <summary>RFC 7946.</summary>
    private async Task<byte[]> CollectionAsync(Layer layer, FeatureCursor? cursor, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        using var writer = features.Writer(layer, Crs.Crs84);
        await using (var json = new Utf8JsonWriter(buffer, JsonAnswer.Form))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "FeatureCollection"u8);
            json.WriteStartArray("features"u8);
            while (cursor is not null && await cursor.ReadAsync(cancellationToken))
            {
                writer.Write(json, cursor);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string TextOf(Layer layer, List<(string Id, JsonElement Properties)> found)
    {
        var text = new StringBuilder().Append(layer.Title).Append('\n');
        if (found.Count == 0)
        {
            text.Append("There is nothing here.\n");
        }

        foreach (var (id, properties) in found)
        {
            text.Append('\n').Append("Feature ").Append(id).Append('\n');
            foreach (var property in properties.EnumerateObject())
            {
                text.Append(property.Name).Append(": ").Append(property.Value.ToString()).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IResult PageOf(Layer layer, List<(string Id, JsonElement Properties)> found, string baseAddress) => new Page(layer.Title, baseAddress, [], []).Answer(html =>
    {
        if (found.Count == 0)
        {
            html.Element("p", "There is nothing here.");
        }

        foreach (var (id, properties) in found)
        {
            html.Element("h2", $"Feature {id}");
            html.Element("dl", () =>
            {
                foreach (var property in properties.EnumerateObject())
                {
                    html.Fact(property.Name, () => html.Text(property.Value.ToString()));
                }
            });
        }
    });

    /// <summary><c>PointIJOutOfRange</c>: "I or J" lie outside the tile.</summary>
    private static OwsFault? Judge(string parameter, string text, int size, out int number) =>
        !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? OwsFault.Invalid(parameter, $"{parameter}: must be a whole number (got {text})")
        : number >= 0 && number < size ? null
        : new OwsFault("PointIJOutOfRange", parameter, $"{parameter}: must be 0 to {size - 1} (got {text})");

    private static ExceptionReport Report(OwsFault fault) => new(OwsNames.Ows1, [fault]);
}
