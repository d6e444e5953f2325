using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>A media type as a request declared it, in whichever spelling: what of it may decide where the content does not.</summary>
internal sealed class DeclaredType(string? mediaType)
{
    private readonly string _plain = MediaTypes.Canonical(mediaType ?? "").Split(';')[0];

    public bool IsGml => _plain == DataFormats.Gml;

    public bool IsGeoJson => _plain == DataFormats.GeoJson;

    public bool IsDbf => _plain == DataFormats.Dbf;

    public bool IsCsv => _plain == DataFormats.Csv;

    /// <summary>
    /// A type that any text may have. The others promise something that the content would have shown,
    /// and text types that the QGIS processes don't know are plain text to them.
    /// </summary>
    public string? PlainText => _plain switch
    {
        MediaTypes.Xml => "application/xml",
        "text/html" or "application/json" or "application/vnd.mapinfo" => _plain,
        DataFormats.AsciiGrid => DataFormats.Text,
        _ => _plain.StartsWith("text/", StringComparison.Ordinal) ? DataFormats.Text : null,
    };

    public string PlainTextExtension => PlainText switch
    {
        "text/html" => "html",
        "application/json" => "json",
        "application/xml" => "xml",
        "application/vnd.mapinfo" => "mif",
        _ => "txt",
    };
}
