using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.Http.Collections;

/// <summary>A layer as a collection: OGC API - Features 1.0 (OGC 17-069r4), 7.14; OGC API - Tiles 1.0, class "GeoData Tilesets".</summary>
internal sealed class CollectionDocument(MakeTiles maker)
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

        if (layer.Contents.Extent is { IsEmpty: false } extent)
        {
            json.WriteStartObject("extent");
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
            json.WriteEndObject();
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
        foreach (var map in (bool[])[false, true])
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
}
