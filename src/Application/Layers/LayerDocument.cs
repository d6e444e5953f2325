using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Time;

namespace GeoWps.Application.Layers;

/// <summary>Writes the JSON form of a layer (<c>docs/layers.md</c>); no path of the server's and no secret is in it.</summary>
public static class LayerDocument
{
    private static readonly JsonWriterOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The members, without the braces around them: settings, and what the data are.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Layer layer)
    {
        WriteSettings(json, LayerSettings.Of(layer));
        WriteSource(json, layer.Source);
        WriteContents(json, layer.Contents);
        WriteIfAny(json, "job", layer.Job);
        json.WriteString("created", layer.Created);
        json.WriteString("updated", layer.Updated);
        json.WriteNumber("revision", layer.Revision);
        json.WriteNumber("bytes", layer.Bytes);
        if (layer is { Style: (StyleKind.MapLibre, var style), Contents.Kind: LayerKind.Vector } && DrawnStyle.NotDrawn(style, layer.Contents.GeometryType) is { Count: > 0 } notDrawn)
        {
            WriteTexts(json, "warnings", notDrawn.Select(text => $"style: {text}"));
        }
    }

    /// <summary>What can be set, as a document that <see cref="LayerForm"/> reads.</summary>
    public static JsonObject Settings(LayerSettings settings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, _plain))
        {
            json.WriteStartObject();
            WriteSettings(json, settings);
            json.WriteEndObject();
        }

        return JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, LayerSettings settings)
    {
        WriteIfAny(json, "id", settings.Id);
        WriteIfAny(json, "title", settings.Title);
        WriteIfAny(json, "description", settings.Description);
        WriteTexts(json, "keywords", settings.Keywords);
        WriteIfAny(json, "attribution", settings.Attribution);
        WriteIfAny(json, "timeField", settings.TimeField);
        if (settings.SearchFields.Count > 0)
        {
            WriteTexts(json, "searchFields", settings.SearchFields);
        }

        WriteTiles(json, settings.Tiles);
        WriteCaching(json, settings.Caching);
        if (settings.Style is var (kind, text))
        {
            json.WriteStartObject("style");
            switch (kind)
            {
                case StyleKind.MapLibre:
                    json.WritePropertyName("mapLibre");
                    json.WriteRawValue(text);
                    break;
                case StyleKind.Qml:
                    json.WriteString("qml", text);
                    break;
            }

            json.WriteEndObject();
        }

        if (settings.Expires is { } expires)
        {
            json.WriteString("expires", expires);
        }
    }

    private static void WriteTiles(Utf8JsonWriter json, LayerTiles tiles)
    {
        json.WriteStartObject("tiles");
        WriteTexts(json, "tileMatrixSets", tiles.TileMatrixSets);
        WriteTexts(json, "formats", tiles.Formats.Select(format => format.Name));
        json.WriteNumber("minZoom", tiles.MinLevel);
        json.WriteNumber("maxZoom", tiles.MaxLevel);
        if (tiles.Attributes is { } attributes)
        {
            WriteTexts(json, "attributes", attributes);
        }

        WriteIfAny(json, "name", tiles.Name);
        json.WriteNumber("extent", tiles.TileExtent);
        json.WriteNumber("buffer", tiles.Buffer);
        json.WriteNumber("simplification", tiles.Simplification);
        json.WriteNumber("minSize", tiles.MinSize);
        json.WriteNumber("maxFeatures", tiles.MaxFeatures);
        json.WriteNumber("maxBytes", tiles.MaxBytes);
        json.WriteNumber("metaTile", tiles.MetaTile);
        json.WriteNumber("gutter", tiles.Gutter);
        json.WriteEndObject();
    }

    private static void WriteCaching(Utf8JsonWriter json, LayerCaching caching)
    {
        json.WriteStartObject("caching");
        json.WriteBoolean("enabled", caching.Enabled);
        json.WriteNumber("maxAge", caching.MaxAgeSeconds);
        json.WriteNumber("expire", caching.ExpireSeconds);
        json.WriteStartObject("expireByZoom");
        foreach (var (level, seconds) in caching.ExpireByLevel.OrderBy(pair => pair.Key))
        {
            json.WriteNumber(level.ToString(System.Globalization.CultureInfo.InvariantCulture), seconds);
        }

        json.WriteEndObject();
        json.WriteBoolean("serveStale", caching.ServeStale);
        json.WriteNumber("quotaBytes", caching.QuotaBytes);
        json.WriteString("encoding", caching.Encoding switch { TileEncoding.Identity => "identity", TileEncoding.Gzip => "gzip", TileEncoding.Brotli => "br" });
        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, LayerSource source)
    {
        json.WriteStartObject("source");
        switch (source)
        {
            case LayerSource.GeoPackage(_, var table):
                json.WriteString("type", "geopackage");
                json.WriteString("table", table);
                break;
            case LayerSource.PostGis postGis:
                json.WriteString("type", "postgis");
                json.WriteString("connection", postGis.Connection);
                json.WriteString("from", postGis.From);
                json.WriteString("geometryColumn", postGis.GeometryColumn);
                WriteIfAny(json, "idColumn", postGis.IdColumn);
                json.WriteNumber("srid", postGis.Srid);
                break;
            case LayerSource.Drawn(_, var what):
                json.WriteString("type", what switch { DrawnKind.Raster => "raster", DrawnKind.Project => "project" });
                break;
            case LayerSource.Upstream upstream:
                json.WriteString("type", upstream.Protocol switch { UpstreamKind.Xyz => "xyz", UpstreamKind.Tms => "tms", UpstreamKind.Wmts => "wmts" });

                // What follows may be a key.
                json.WriteString("template", upstream.Template.Split('?')[0]);
                json.WriteString("tileMatrixSet", upstream.TileMatrixSet);
                break;
            case LayerSource.Tiles tiles:
                json.WriteString("type", tiles.IsPmTiles ? "pmtiles" : "mbtiles");
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteContents(Utf8JsonWriter json, LayerContents contents)
    {
        json.WriteString("kind", contents.Kind switch { LayerKind.Vector => "vector", LayerKind.Map => "map" });
        json.WriteString("crs", contents.Crs.Uri);
        if (contents.Extent is { IsEmpty: false } extent)
        {
            json.WriteStartArray("extent");
            foreach (var number in (ReadOnlySpan<double>)[extent.MinX, extent.MinY, extent.MaxX, extent.MaxY])
            {
                json.WriteNumberValue(number);
            }

            json.WriteEndArray();
        }

        WriteIfAny(json, "geometryType", contents.GeometryType);
        if (contents.FeatureCount is { } count)
        {
            json.WriteNumber("featureCount", count);
        }

        if (contents.Times is { } times)
        {
            json.WriteStartArray("times");
            foreach (var time in (DateTimeOffset?[])[times.From, times.To])
            {
                json.WriteStringValue(TimeInterval.Text(time));
            }

            json.WriteEndArray();
        }

        json.WriteStartArray("fields");
        foreach (var field in contents.Fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            json.WriteString("type", field.Type);
            WriteIfAny(json, "format", field.Format);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
