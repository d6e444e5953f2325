using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Application.Features;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Adapters.Http.Collections;

/// <summary>A layer as a collection: OGC API - Features 1.0 (OGC 17-069r4), 7.14; OGC API - Tiles 1.0, class "GeoData Tilesets".</summary>
internal sealed class CollectionDocument(MakeTiles maker, LayerFeatures features)
{
    public void Write(Utf8JsonWriter json, Layer layer, string baseAddress)
    {
        json.WriteStartObject();
        json.WriteString("id", layer.Id);
        json.WriteString("title", layer.Title);
        json.WriteIfAny("description", layer.Description);
        json.WriteIfAny("attribution", layer.Attribution);
        if (layer.Keywords.Count > 0)
        {
            json.WriteStartArray("keywords");
            foreach (var keyword in layer.Keywords)
            {
                json.WriteStringValue(keyword);
            }

            json.WriteEndArray();
        }

        if (layer.Contents.Extent is { IsEmpty: false } || layer.Contents.TimeField is not null)
        {
            json.WriteStartObject("extent");
            WriteSpace(json, layer.Contents.Extent);
            if (layer.Contents.TimeField is not null)
            {
                WriteTime(json, layer.Contents.Times);
            }

            json.WriteEndObject();
        }

        if (features.Has(layer))
        {
            json.WriteString("itemType", "feature");
            json.WriteStartArray("crs");
            foreach (var crs in features.CrsOf(layer))
            {
                json.WriteStringValue(crs.Uri);
            }

            json.WriteEndArray();
        }

        json.WriteString("storageCrs", layer.Contents.Crs.Uri);
        json.WriteLinks([.. LinksOf(layer, baseAddress)]);
        json.WriteEndObject();
    }

    public IEnumerable<Link> LinksOf(Layer layer, string baseAddress)
    {
        var address = $"{baseAddress}collections/{layer.Id}";
        yield return new Link(address, "self", Media.Json, "This collection");
        yield return Links.ToPage(address);
        if (features.Has(layer))
        {
            foreach (var link in FeatureLinks.OfCollection(baseAddress, layer))
            {
                yield return link;
            }
        }

        foreach (var map in layer.IsVector ? (bool[])[false, true] : [true])
        {
            if (TileForms.Of(layer, map, maker) is { Count: > 0 })
            {
                yield return new Link(TilesetView.AddressOf(baseAddress, layer, map), TilesetDocument.Tilesets(map), Media.Json, map ? "Map tiles" : "Vector tiles");
            }
        }

        yield return new Link(address + "/styles", Links.Styles, Media.Json, "Styles");
        if (layer.Job is { } job)
        {
            yield return new Link(Addresses.Job(baseAddress, job), Links.Via, Media.Json, "The job that made it");
        }
    }

    private static void WriteSpace(Utf8JsonWriter json, in Extent extent)
    {
        if (extent.IsEmpty)
        {
            return;
        }

        json.WriteStartObject("spatial");
        json.WriteStartArray("bbox");
        json.WriteStartArray();
        json.WriteNumberValue(extent.MinX);
        json.WriteNumberValue(extent.MinY);
        json.WriteNumberValue(extent.MaxX);
        json.WriteNumberValue(extent.MaxY);
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteString("crs", Crs.Crs84.Uri);
        json.WriteEndObject();
    }

    /// <summary>Its features have times. Where nobody has looked for the first and the last both ends are open.</summary>
    private static void WriteTime(Utf8JsonWriter json, TimeInterval? times)
    {
        json.WriteStartObject("temporal");
        json.WriteStartArray("interval");
        json.WriteStartArray();
        json.WriteStringValue(TimeInterval.Text(times?.From));
        json.WriteStringValue(TimeInterval.Text(times?.To));
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteString("trs", "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian");
        json.WriteEndObject();
    }
}
