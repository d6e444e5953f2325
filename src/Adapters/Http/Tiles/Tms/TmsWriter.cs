using System.Globalization;
using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Http.Tiles.Tms;

/// <summary>The documents of the Tile Map Service 1.0.0 of OSGeo: Web Mercator, rows counted from the south.</summary>
/// <param name="baseAddress">Ends in a slash.</param>
internal sealed class TmsWriter(XmlWriter xml, string baseAddress)
{
    public const string Version = "1.0.0";

    private const string Profile = "global-mercator";

    private string Service => $"{baseAddress}tms/{Version}/";

    /// <summary>The root resource: which services there are.</summary>
    public void Services(HttpOptions service)
    {
        xml.WriteStartElement("Services");
        xml.WriteStartElement("TileMapService");
        Attributes(("title", service.Title), ("version", Version), ("href", Service));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <summary>A service: its tile maps, one for each layer that has tiles in Web Mercator.</summary>
    public async Task TileMapsAsync(HttpOptions service, IAsyncEnumerable<Layer> layers, MakeTiles maker)
    {
        xml.WriteStartElement("TileMapService");
        Attributes(("version", Version), ("services", baseAddress + "tms/"));
        xml.WriteElementString("Title", XmlLetters.Clean(service.Title));
        xml.WriteElementString("Abstract", XmlLetters.Clean(service.Description));
        xml.WriteStartElement("TileMaps");
        await foreach (var layer in layers)
        {
            if (FormatOf(layer, maker) is not null)
            {
                xml.WriteStartElement("TileMap");
                Attributes(("title", layer.Title), ("srs", "EPSG:3857"), ("profile", Profile), ("href", Service + layer.Id));
                xml.WriteEndElement();
            }
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    public void TileMap(LayerTileset tileset, TileFormat format)
    {
        var (layer, first) = (tileset.Layer, tileset.Set.Matrices[0]);
        xml.WriteStartElement("TileMap");
        Attributes(("version", Version), ("tilemapservice", Service));
        xml.WriteElementString("Title", XmlLetters.Clean(layer.Title));
        xml.WriteElementString("Abstract", XmlLetters.Clean(layer.Description ?? ""));
        foreach (var keyword in layer.Keywords)
        {
            xml.WriteElementString("KeywordList", XmlLetters.Clean(keyword));
        }

        if (!string.IsNullOrEmpty(layer.Attribution))
        {
            xml.WriteStartElement("Attribution");
            xml.WriteElementString("Title", XmlLetters.Clean(layer.Attribution));
            xml.WriteEndElement();
        }

        xml.WriteElementString("SRS", tileset.Set.Crs.ToString());
        var (extent, whole) = (tileset.Extent, first.Extent);
        Element("BoundingBox", ("minx", Text(extent.MinX)), ("miny", Text(extent.MinY)), ("maxx", Text(extent.MaxX)), ("maxy", Text(extent.MaxY)));
        Element("Origin", ("x", Text(whole.MinX)), ("y", Text(whole.MinY)));
        Element(
            "TileFormat",
            ("width", Text(first.TileWidth)), ("height", Text(first.TileHeight)), ("mime-type", format.MediaType), ("extension", format.Extension));
        xml.WriteStartElement("TileSets");
        Attributes(("profile", Profile));
        foreach (var (level, _) in tileset.Limits)
        {
            var matrix = tileset.Set.Matrices[level];
            Element("TileSet", ("href", $"{Service}{layer.Id}/{matrix.Id}"), ("units-per-pixel", Text(matrix.CellSize)), ("order", Text(level)));
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <summary>A tile map has one format: a drawn one where there is one, as its clients draw no features.</summary>
    /// <returns><see langword="null"/> when the layer has no tiles in Web Mercator.</returns>
    public static TileFormat? FormatOf(Layer layer, MakeTiles maker) => layer.Tiles.TileMatrixSets.Contains(TileAddress.WebMercator, StringComparer.Ordinal)
        ? maker.FormatsOf(layer).OrderBy(format => format.IsVector).FirstOrDefault()
        : null;

    private void Element(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name);
        Attributes(attributes);
        xml.WriteEndElement();
    }

    private void Attributes(params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            xml.WriteAttributeString(name, XmlLetters.Clean(value));
        }
    }

    private static string Text(double number) => XmlConvert.ToString(number);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
