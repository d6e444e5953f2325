using System.Text;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Files;

/// <summary>Tells what a content is by its first bytes; where those say only "text" or "an archive", the name says which.</summary>
public static class ContentSniffing
{
    /// <summary>Bytes that are looked at.</summary>
    public const int HeadBytes = 4 * 1024;

    private const string Zip = "application/zip";
    private const string Sqlite = "application/vnd.sqlite3";

    private static readonly (byte[] Begin, string Type)[] _signatures =
    [
        ("II*\0"u8.ToArray(), "image/tiff"), ("MM\0*"u8.ToArray(), "image/tiff"), ("II+\0"u8.ToArray(), "image/tiff"), ("MM\0+"u8.ToArray(), "image/tiff"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "image/png"), ([0xFF, 0xD8, 0xFF], "image/jpeg"), ("GIF8"u8.ToArray(), "image/gif"), ("%PDF-"u8.ToArray(), "application/pdf"),
        ("fgb"u8.ToArray(), MediaTypes.FlatGeobuf), ("PMTiles"u8.ToArray(), "application/vnd.pmtiles"), ("PAR1"u8.ToArray(), "application/vnd.apache.parquet"),
        ([0, 0, 0x27, 0x0A], "application/x-esri-shape"), ([0x1F, 0x8B], "application/gzip"), ([(byte)'7', (byte)'z', 0xBC, 0xAF], "application/x-7z-compressed"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "application/x-hdf5"), ("CDF"u8.ToArray(), "application/netcdf"),
    ];

    /// <summary>Archives of a purpose; nothing else in a name says more than that it is an archive.</summary>
    private static readonly Dictionary<string, string> _archives = new(StringComparer.OrdinalIgnoreCase)
    {
        [".kmz"] = "application/vnd.google-earth.kmz", [".qgz"] = "application/x-qgis-project", [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", [".odt"] = "application/vnd.oasis.opendocument.text", [".ods"] = "application/vnd.oasis.opendocument.spreadsheet",
    };

    private static readonly Dictionary<string, string> _texts = new(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = "text/csv", [".tsv"] = "text/tab-separated-values", [".txt"] = MediaTypes.Text, [".md"] = "text/markdown", [".json"] = MediaTypes.Json, [".geojson"] = MediaTypes.GeoJson,
        [".xml"] = "application/xml", [".gml"] = "application/gml+xml", [".kml"] = "application/vnd.google-earth.kml+xml", [".gpx"] = "application/gpx+xml", [".qgs"] = "application/x-qgis-project",
        [".qml"] = "application/xml", [".sld"] = "application/vnd.ogc.sld+xml", [".svg"] = "image/svg+xml", [".html"] = "text/html", [".htm"] = "text/html", [".css"] = "text/css",
        [".js"] = "text/javascript", [".py"] = "text/x-python", [".sql"] = "application/sql", [".asc"] = MediaTypes.AsciiGrid, [".wkt"] = MediaTypes.Text, [".prj"] = MediaTypes.Text, [".cpg"] = MediaTypes.Text,
    };

    private static readonly Dictionary<string, string> _others = new(StringComparer.OrdinalIgnoreCase)
    {
        [".dbf"] = "application/x-dbf", [".shx"] = "application/x-esri-shape-index", [".tar"] = "application/x-tar", [".mp4"] = "video/mp4",
    };

    /// <param name="head">The first <see cref="HeadBytes"/>, or all there are.</param>
    public static string TypeOf(ReadOnlySpan<byte> head, string name)
    {
        var extension = Path.GetExtension(name);
        if (head.StartsWith("SQLite format 3\0"u8))
        {
            return head.Length > 72 && (head[68..].StartsWith("GPKG"u8) || head[68..].StartsWith("GP1"u8)) ? MediaTypes.GeoPackage
                : extension.Equals(".mbtiles", StringComparison.OrdinalIgnoreCase) ? "application/vnd.mbtiles" : Sqlite;
        }

        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8))
        {
            return _archives.GetValueOrDefault(extension, Zip);
        }

        if (head.StartsWith("RIFF"u8) && head.Length > 12 && head[8..].StartsWith("WEBP"u8))
        {
            return "image/webp";
        }

        foreach (var (begin, type) in _signatures)
        {
            if (head.StartsWith(begin))
            {
                return type;
            }
        }

        return IsText(head) ? TextOf(head, extension) : _others.GetValueOrDefault(extension, MediaTypes.Unknown);
    }

    private static string TextOf(ReadOnlySpan<byte> head, string extension)
    {
        var begin = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        var byName = _texts.GetValueOrDefault(extension);
        if (begin.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || begin.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
        {
            return "text/html";
        }

        if (begin.StartsWith('{'))
        {
            return begin.Contains("\"FeatureCollection\"", StringComparison.Ordinal) || begin.Contains("\"Feature\"", StringComparison.Ordinal) ? MediaTypes.GeoJson : byName ?? MediaTypes.Json;
        }

        return begin.StartsWith("<svg", StringComparison.Ordinal) ? "image/svg+xml" : byName ?? (begin.StartsWith("<?xml", StringComparison.Ordinal) ? "application/xml" : MediaTypes.Text);
    }

    /// <summary>UTF-8 without control characters that texts don't have; the last character may be cut off.</summary>
    private static bool IsText(ReadOnlySpan<byte> head)
    {
        if (head.IndexOfAnyInRange((byte)0, (byte)8) >= 0 || head.IndexOfAnyInRange((byte)0x0E, (byte)0x1A) >= 0)
        {
            return false;
        }

        while (!head.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(head, out _, out var length) == System.Buffers.OperationStatus.InvalidData)
            {
                return false;
            }

            head = head[length..];
        }

        return true;
    }
}
