using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Features;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Http.Wmts;

/// <summary><c>wmts:Capabilities</c>: OGC 07-057r7, clause 7.1. Layers come before tile matrix sets, so that both can be written as layers are read.</summary>
internal sealed class WmtsCapabilities(XmlWriter xml, string baseAddress, HttpOptions service, LayerTilesets tilesets, MakeTiles maker, LayerFeatures features)
{
    private const string Wmts = "http://www.opengis.net/wmts/1.0";
    private const string WellKnownScaleSets = "http://www.opengis.net/def/wkss/";

    /// <summary>Names that <c>Sections</c> may have; there are no themes.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents", "Themes", "All"];

    /// <summary>What a caller gets who has the current document: nothing but its name.</summary>
    public static void WriteUnchanged(XmlWriter xml, string sequence)
    {
        Begin(xml, sequence);
        xml.WriteEndElement();
    }

    /// <param name="sections">Those asked for; <see langword="null"/> for all.</param>
    public async Task WriteAsync(IAsyncEnumerable<Layer> layers, string sequence, IReadOnlySet<string>? sections)
    {
        var metadata = new ServiceMetadata(xml, OwsNames.Ows1);
        Begin(xml, sequence);
        if (Has("ServiceIdentification"))
        {
            metadata.Identification(service, "OGC WMTS", [WmtsRequest.Version], "WMTS", "tiles", "QGIS");
        }

        if (Has("ServiceProvider"))
        {
            metadata.Provider(service);
        }

        if (Has("OperationsMetadata"))
        {
            xml.WriteStartElement("ows", "OperationsMetadata", OwsNames.Ows1);
            metadata.Operation("GetCapabilities", ("Get", baseAddress + "wmts?", "KVP"), ("Get", baseAddress + WmtsCapabilitiesEndpoint.Path, "RESTful"));
            foreach (var operation in (string[])["GetTile", "GetFeatureInfo"])
            {
                metadata.Operation(operation, ("Get", baseAddress + "wmts?", "KVP"), ("Get", baseAddress + "wmts/1.0.0/", "RESTful"));
            }

            xml.WriteEndElement();
        }

        if (Has("Contents"))
        {
            await ContentsAsync(layers);
        }

        xml.WriteStartElement("ServiceMetadataURL", Wmts);
        xml.WriteAttributeString("xlink", "href", OwsNames.XLink, baseAddress + WmtsCapabilitiesEndpoint.Path);
        xml.WriteEndElement();
        xml.WriteEndElement();

        bool Has(string section) => sections is null || sections.Contains(section);
    }

    private static void Begin(XmlWriter xml, string sequence)
    {
        xml.WriteStartElement("Capabilities", Wmts);
        xml.WriteAttributeString("xmlns", "ows", null, OwsNames.Ows1);
        xml.WriteAttributeString("xmlns", "xlink", null, OwsNames.XLink);
        xml.WriteAttributeString("xmlns", "xsi", null, OwsNames.Xsi);
        xml.WriteAttributeString("xsi", "schemaLocation", OwsNames.Xsi, $"{Wmts} http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd");
        xml.WriteAttributeString("version", WmtsRequest.Version);
        xml.WriteAttributeString("updateSequence", sequence);
    }

    private async Task ContentsAsync(IAsyncEnumerable<Layer> layers)
    {
        var used = new SortedDictionary<string, TileMatrixSet>(StringComparer.Ordinal);
        xml.WriteStartElement("Contents", Wmts);
        await foreach (var layer in layers)
        {
            // Drawn tiles first: most clients of WMTS take the first format, and draw no features.
            TileFormat[] formats = [.. maker.FormatsOf(layer).OrderBy(format => format.IsVector)];
            LayerTileset[] sets = [.. tilesets.Of(layer).Where(tileset => tileset.Limits.Count > 0 && CanBeSaid(tileset.Set))];
            if (formats.Length > 0 && sets.Length > 0)
            {
                WriteLayer(layer, formats, sets);
                foreach (var tileset in sets)
                {
                    used[tileset.Set.Id] = tileset.Set;
                }
            }
        }

        foreach (var set in used.Values)
        {
            WriteSet(set);
        }

        xml.WriteEndElement();
    }

    /// <summary>WMTS knows matrices that begin at the top left and whose rows are all as long.</summary>
    private static bool CanBeSaid(TileMatrixSet set) =>
        set.Matrices.All(matrix => matrix.CornerOfOrigin == CornerOfOrigin.TopLeft && matrix.VariableMatrixWidths.Count == 0);

    private void WriteLayer(Layer layer, TileFormat[] formats, LayerTileset[] sets)
    {
        xml.WriteStartElement("Layer", Wmts);
        Ows("Title", layer.Title);
        if (!string.IsNullOrEmpty(layer.Description))
        {
            Ows("Abstract", layer.Description);
        }

        if (layer.Keywords.Count > 0)
        {
            xml.WriteStartElement("ows", "Keywords", OwsNames.Ows1);
            foreach (var keyword in layer.Keywords)
            {
                Ows("Keyword", keyword);
            }

            xml.WriteEndElement();
        }

        // Longitude first, whatever the order of EPSG:4326 is: 06-121r3, clause 10.2.2.
        xml.WriteStartElement("ows", "WGS84BoundingBox", OwsNames.Ows1);
        Ows("LowerCorner", Position(layer.Contents.Extent.MinX, layer.Contents.Extent.MinY));
        Ows("UpperCorner", Position(layer.Contents.Extent.MaxX, layer.Contents.Extent.MaxY));
        xml.WriteEndElement();
        Ows("Identifier", layer.Id);
        xml.WriteStartElement("Style", Wmts);
        xml.WriteAttributeString("isDefault", "true");
        Ows("Title", "Default");
        Ows("Identifier", WmtsTile.DefaultStyle);
        xml.WriteEndElement();
        foreach (var format in formats)
        {
            Text("Format", format.MediaType);
        }

        // Clause 7.3: a layer that names none answers no GetFeatureInfo.
        var info = features.Has(layer) ? WmtsFeatureInfo.Formats : [];
        foreach (var (mediaType, _) in info)
        {
            Text("InfoFormat", mediaType);
        }

        foreach (var tileset in sets)
        {
            WriteLimits(tileset);
        }

        foreach (var format in formats)
        {
            WriteResource(layer, format.MediaType, "tile", "." + format.Extension);
        }

        foreach (var (mediaType, extension) in info)
        {
            WriteResource(layer, mediaType, "FeatureInfo", $"/{{J}}/{{I}}.{extension}");
        }

        xml.WriteEndElement();
    }

    private void WriteResource(Layer layer, string mediaType, string type, string end)
    {
        xml.WriteStartElement("ResourceURL", Wmts);
        xml.WriteAttributeString("format", mediaType);
        xml.WriteAttributeString("resourceType", type);
        xml.WriteAttributeString("template", $"{baseAddress}wmts/1.0.0/{layer.Id}/{{style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}{end}");
        xml.WriteEndElement();
    }

    private void WriteLimits(LayerTileset tileset)
    {
        xml.WriteStartElement("TileMatrixSetLink", Wmts);
        Text("TileMatrixSet", tileset.Set.Id);
        xml.WriteStartElement("TileMatrixSetLimits", Wmts);
        foreach (var (level, range) in tileset.Limits)
        {
            xml.WriteStartElement("TileMatrixLimits", Wmts);
            Text("TileMatrix", tileset.Set.Matrices[level].Id);
            Number("MinTileRow", range.MinRow);
            Number("MaxTileRow", range.MaxRow);
            Number("MinTileCol", range.MinColumn);
            Number("MaxTileCol", range.MaxColumn);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private void WriteSet(TileMatrixSet set)
    {
        xml.WriteStartElement("TileMatrixSet", Wmts);
        if (!string.IsNullOrEmpty(set.Title))
        {
            Ows("Title", set.Title);
        }

        Ows("Identifier", set.Id);
        Ows("SupportedCRS", set.Crs.Urn);
        if (set.WellKnownScaleSet is { Length: > 0 } scales)
        {
            Text("WellKnownScaleSet", Urn(scales));
        }

        foreach (var matrix in set.Matrices)
        {
            xml.WriteStartElement("TileMatrix", Wmts);
            Ows("Identifier", matrix.Id);
            Text("ScaleDenominator", XmlConvert.ToString(matrix.ScaleDenominator));

            // In the order of the CRS's own axes: table 11.
            Text("TopLeftCorner", set.YFirst ? Position(matrix.OriginY, matrix.OriginX) : Position(matrix.OriginX, matrix.OriginY));
            Number("TileWidth", matrix.TileWidth);
            Number("TileHeight", matrix.TileHeight);
            Number("MatrixWidth", matrix.MatrixWidth);
            Number("MatrixHeight", matrix.MatrixHeight);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>Annex E names them by URN, newer documents by address.</summary>
    private static string Urn(string name) =>
        name.StartsWith(WellKnownScaleSets, StringComparison.Ordinal) ? "urn:ogc:def:wkss:" + name[WellKnownScaleSets.Length..].Replace('/', ':') : name;

    private static string Position(double first, double second) => $"{XmlConvert.ToString(first)} {XmlConvert.ToString(second)}";

    private void Ows(string name, string text) => xml.WriteElementString("ows", name, OwsNames.Ows1, XmlLetters.Clean(text));

    private void Text(string name, string text) => xml.WriteElementString(name, Wmts, text);

    private void Number(string name, int number)
    {
        xml.WriteStartElement(name, Wmts);
        xml.WriteValue(number);
        xml.WriteEndElement();
    }
}
