using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>XML by its root element.</summary>
internal static class XmlFormats
{
    /// <summary>Roots of documents that name the GML namespace without being data.</summary>
    private static readonly HashSet<string> NeverData =
        ["qgis", "qlr", "schema", "StyledLayerDescriptor", "svg", "html", "Capabilities", "WFS_Capabilities", "WMS_Capabilities", "WCS_Capabilities"];

    /// <summary>GDAL looks for these anywhere in a file's beginning, so a comment or another root before them must not hide them.</summary>
    private static readonly string[] Virtual = ["<VRTDataset", "<OGRVRT", "<GDAL_W", "<GDALTileIndex", "<WCS_GDAL", "<OGRWFSDataSource"];

    private static readonly HashSet<string> OwnExtensions = ["qml", "sld", "style", "svg", "xsd", "gfs"];

    public static DataKind? Identify(string text, DeclaredType declared, DeclaredName name)
    {
        if (XmlRoot.LocalName(text) is not { } root)
        {
            return null;
        }

        if (Virtual.Any(start => text.Contains(start, StringComparison.OrdinalIgnoreCase)))
        {
            return new DataKind("application/xml", "xml");
        }

        if (root.Equals("html", StringComparison.OrdinalIgnoreCase))
        {
            return new DataKind("text/html", "html");
        }

        return root switch
        {
            "kml" => new DataKind(DataFormats.Kml, "kml"),
            "gpx" => new DataKind(DataFormats.Gpx, "gpx"),
            _ when IsGml(root, text, declared) => new DataKind(DataFormats.Gml, "gml"),
            _ => new DataKind("application/xml", OwnExtensions.Contains(name.Extension) ? name.Extension : "xml"),
        };
    }

    private static bool IsGml(string root, string text, DeclaredType declared) => !NeverData.Contains(root)
        && (root == "FeatureCollection" || declared.IsGml || text.Contains("http://www.opengis.net/gml", StringComparison.Ordinal));
}
