using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>The media types that data comes and goes in; the first one of a list is the default.</summary>
internal static class DataFormats
{
    public const string GeoJson = MediaTypes.GeoJson;
    public const string GeoPackage = MediaTypes.GeoPackage;
    public const string FlatGeobuf = MediaTypes.FlatGeobuf;
    public const string Gml = "application/gml+xml";
    public const string Gml32 = "application/gml+xml; version=3.2";
    public const string Gml31 = "application/gml+xml; version=3.1";
    public const string Gml2 = "application/gml+xml; version=2.1";
    public const string Kml = "application/vnd.google-earth.kml+xml";
    public const string Kmz = "application/vnd.google-earth.kmz";
    public const string Gpx = "application/gpx+xml";
    public const string Csv = "text/csv";
    public const string Dbf = "application/vnd.dbf";
    public const string Zip = "application/zip";
    public const string GeoTiff = "image/tiff; application=geotiff";
    public const string CloudOptimised = "image/tiff; application=geotiff; profile=cloud-optimized";
    public const string Png = "image/png";
    public const string Jpeg = "image/jpeg";
    public const string AsciiGrid = MediaTypes.AsciiGrid;
    public const string Text = MediaTypes.Text;
    public const string Unknown = MediaTypes.Unknown;

    public static IReadOnlyList<string> VectorOutputs { get; } = [GeoJson, GeoPackage, FlatGeobuf, Gml32, Gml31, Gml2, Csv, Zip, Kml, Dbf];

    public static IReadOnlyList<string> RasterOutputs { get; } = [GeoTiff, CloudOptimised, Png, Jpeg, AsciiGrid];

    /// <summary>What a vector layer may be given as: a collection as it is, text as text, the rest as base64.</summary>
    public static IEnumerable<JsonObject> VectorInputs() =>
        new[] { Schemas.FeatureCollection() }.Concat(Alternatives(Gml32, Gml31, Gml2, Kml, Gpx, Csv, GeoPackage, FlatGeobuf, Zip, Kmz, Dbf));

    public static IEnumerable<JsonObject> RasterInputs() => Alternatives(GeoTiff, "image/tiff", Png, Jpeg, AsciiGrid, GeoPackage, Zip);

    public static IEnumerable<JsonObject> MeshInputs() => Alternatives(Text, Zip);

    public static IEnumerable<JsonObject> AnyLayer() => VectorInputs().Concat(Alternatives(GeoTiff, "image/tiff", Png, Jpeg, AsciiGrid));

    /// <summary>Its sender may not know what it is: the content tells.</summary>
    public static JsonObject UnknownInput() => Schemas.Binary(Unknown);

    public static JsonObject Alternative(string mediaType) => MediaTypes.IsText(mediaType) ? Schemas.Text(mediaType) : Schemas.Binary(mediaType);

    public static IEnumerable<JsonObject> Alternatives(params IEnumerable<string> mediaTypes) => mediaTypes.Select(Alternative);

    /// <summary>By a file's extension without its dot, in lower case.</summary>
    public static string OfExtension(string? extension) => extension?.ToLowerInvariant() switch
    {
        "htm" or "html" => "text/html",
        "txt" or "wld" or "prj" or "qml" or "sld" or "csvt" => Text,
        "asc" => AsciiGrid,
        "csv" => Csv,
        "json" => "application/json",
        "geojson" => GeoJson,
        "xml" or "vrt" or "xsd" => "application/xml",
        "gml" => Gml,
        "kml" => Kml,
        "gpx" => Gpx,
        "gpkg" => GeoPackage,
        "fgb" => FlatGeobuf,
        "dbf" => Dbf,
        "zip" => Zip,
        "tif" or "tiff" => GeoTiff,
        "png" => Png,
        "jpg" or "jpeg" => Jpeg,
        "pdf" => "application/pdf",
        "svg" => "image/svg+xml",
        "dxf" => "image/vnd.dxf",
        "mbtiles" => "application/vnd.mapbox-vector-tile+sqlite3",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        _ => Unknown,
    };
}
