using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>A file's name as its sender gave it. Nothing of it is used but its extension, and that only where it does no harm.</summary>
internal sealed class DeclaredName
{
    private const int LongestExtension = 8;

    private static readonly HashSet<string> PlainTexts =
    [
        "txt", "csv", "tsv", "json", "html", "htm", "xml", "qml", "sld", "style", "prj", "qpj", "cpg", "wld", "tfw", "jgw", "pgw",
        "tab", "mif", "mid", "md", "log", "svg", "xsd", "gfs", "asc", "wkt",
    ];

    /// <summary>
    /// Programs; files that make QGIS or GDAL open other files; archives, that QGIS opens through /vsizip/ and its like by their names alone.
    /// </summary>
    private static readonly HashSet<string> Harmful =
    [
        "py", "pyc", "pyd", "pyo", "pyw", "pth", "so", "dll", "dylib", "exe", "com", "bat", "cmd", "ps1", "sh", "js", "php", "jar",
        "vrt", "gti", "ovf", "xvrt", "wms", "qgs", "qgz", "qlr", "qlz", "qpt", "qptz", "model", "model3", "ini",
        "zip", "kmz", "shz", "tar", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar",
    ];

    public DeclaredName(string fileName)
    {
        var extension = Path.GetExtension(fileName).TrimStart('.');
        var usable = extension.Length is > 0 and <= LongestExtension && extension.All(char.IsAsciiLetterOrDigit);
        Extension = usable ? extension.ToLowerInvariant() : "";
    }

    /// <summary>In lower case, without the dot; empty where there is none that could be kept.</summary>
    public string Extension { get; }

    public string? PlainTextExtension => PlainTexts.Contains(Extension) ? Extension : null;

    public string PlainTextMediaType => Extension switch
    {
        "tab" or "mif" => "application/vnd.mapinfo",
        "qml" or "sld" or "style" or "xsd" or "gfs" => "application/xml",
        _ => DataFormats.OfExtension(Extension) is var known && known != DataFormats.Unknown ? known : DataFormats.Text,
    };

    public string HarmlessExtension => Extension.Length == 0 || Harmful.Contains(Extension) ? "bin" : Extension;
}
