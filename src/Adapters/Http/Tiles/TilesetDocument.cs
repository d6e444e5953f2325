using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>A tileset's metadata: OGC 17-083r4, clause 7 and <c>tileSet.json</c>; OGC 20-057, class "TileSet".</summary>
internal static class TilesetDocument
{
    public const string TilingScheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
    public const string TilingSchemes = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
    public const string GeoData = "http://www.opengis.net/def/rel/ogc/1.0/geodata";

    /// <summary>The relation of a list of tilesets: OGC 20-057, 8.3.</summary>
    public static string Tilesets(bool map) => "http://www.opengis.net/def/rel/ogc/1.0/tilesets-" + (map ? "map" : "vector");

    /// <param name="inList">Without what only the tileset's own document tells; with the limits, which clients of lists read.</param>
    public static void Write(Utf8JsonWriter json, TilesetView view, bool inList)
    {
        json.WriteStartObject();
        json.WriteString("title", view.Layers.Count == 1 && view.Collections.Length == 0 ? $"{view.Title} in {view.Set.Id}" : $"{view.Title}, in {view.Set.Id}");
        json.WriteString("tileMatrixSetId", view.Set.Id);
        json.WriteIfAny("tileMatrixSetURI", view.Set.Uri);
        json.WriteString("dataType", view.DataType);
        json.WriteString("crs", view.Set.Crs.Uri);
        WriteLimits(json, view);
        if (!view.Extent.IsEmpty)
        {
            WriteBox(json, view.Extent);
        }

        if (!inList)
        {
            json.WriteStartArray("layers");
            foreach (var layer in view.Layers)
            {
                WriteLayer(json, layer, view);
            }

            json.WriteEndArray();
            WriteCenter(json, view);
        }

        json.WriteLinks([.. LinksOf(view)]);
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, TilesetView view)
    {
        json.WriteStartArray("tileMatrixSetLimits");
        foreach (var limits in view.Limits)
        {
            json.WriteStartObject();
            json.WriteString("tileMatrix", view.Set.Matrices[limits.Level].Id);
            json.WriteNumber("minTileRow", limits.Range.MinRow);
            json.WriteNumber("maxTileRow", limits.Range.MaxRow);
            json.WriteNumber("minTileCol", limits.Range.MinColumn);
            json.WriteNumber("maxTileCol", limits.Range.MaxColumn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>In longitude and latitude, and says so.</summary>
    private static void WriteBox(Utf8JsonWriter json, Extent extent)
    {
        json.WriteStartObject("boundingBox");
        WritePoint(json, "lowerLeft", extent.MinX, extent.MinY);
        WritePoint(json, "upperRight", extent.MaxX, extent.MaxY);
        json.WriteString("crs", Crs.Crs84.Uri);
        json.WriteEndObject();
    }

    private static void WriteCenter(Utf8JsonWriter json, TilesetView view)
    {
        if (view.Extent is { IsEmpty: false } extent && view.Limits.Count > 0)
        {
            json.WriteStartObject("centerPoint");
            WritePoint(json, "coordinates", (extent.MinX + extent.MaxX) / 2, (extent.MinY + extent.MaxY) / 2);
            json.WriteString("crs", Crs.Crs84.Uri);
            json.WriteString("tileMatrix", view.Set.Matrices[Overview(view)].Id);
            json.WriteEndObject();
        }
    }

    /// <summary>The last matrix on which all of it is a few tiles.</summary>
    public static int Overview(TilesetView view) => view.Limits.LastOrDefault(limits => limits.Range.Count <= 9, view.Limits[0]).Level;

    private static void WriteLayer(Utf8JsonWriter json, Layer layer, TilesetView view)
    {
        json.WriteStartObject();
        json.WriteString("id", layer.Id);
        json.WriteString("title", layer.Title);
        json.WriteIfAny("description", layer.Description);
        json.WriteIfAny("attribution", layer.Attribution);
        json.WriteString("dataType", view.DataType);
        if (!view.Map && DimensionOf(layer.Contents.GeometryType) is { } dimension)
        {
            json.WriteNumber("geometryDimension", dimension);
        }

        if (!view.Map)
        {
            WriteSchema(json, layer);
        }

        json.WriteLinks(new Link($"{view.BaseAddress}collections/{layer.Id}", GeoData, Media.Json, layer.Title));
        json.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter json, Layer layer)
    {
        json.WriteStartObject("propertiesSchema");
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var field in FieldsOf(layer))
        {
            json.WriteStartObject(field.Name);
            json.WriteString("type", field.Type);
            json.WriteIfAny("format", field.Format);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The fields that its tiles carry.</summary>
    public static IEnumerable<LayerField> FieldsOf(Layer layer) =>
        layer.Tiles.Attributes is { } chosen ? layer.Contents.Fields.Where(field => chosen.Contains(field.Name, StringComparer.Ordinal)) : layer.Contents.Fields;

    private static IEnumerable<Link> LinksOf(TilesetView view)
    {
        yield return new Link(view.Self, "self", Media.Json, "This tileset");
        yield return Links.ToPage(view.Self);
        if (view.HasTileJson)
        {
            yield return new Link(view.TileJson, "describedby", Media.Json, "TileJSON");
        }

        yield return new Link($"{view.BaseAddress}tileMatrixSets/{view.Set.Id}", TilingScheme, Media.Json, $"Tile matrix set {view.Set.Id}");
        yield return new Link(view.BaseAddress + "conformance", Links.Conformance, Media.Json, "Conformance classes");
        foreach (var format in view.Formats)
        {
            yield return new Link(view.Template(format), "item", format.MediaType, $"Tiles as {format.Name}", Templated: true);
        }
    }

    private static void WritePoint(Utf8JsonWriter json, string name, double x, double y)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(x);
        json.WriteNumberValue(y);
        json.WriteEndArray();
    }

    private static int? DimensionOf(string? geometryType) => geometryType switch
    {
        "Point" => 0,
        "LineString" => 1,
        "Polygon" => 2,
        _ => null,
    };
}
