namespace GeoWps.Adapters.Execution.Staging;

/// <summary>A media type as a request declared it: what of it may decide where the content does not.</summary>
internal sealed class DeclaredType
{
    private readonly string _full;
    private readonly string _plain;

    public DeclaredType(string? mediaType)
    {
        _full = (mediaType ?? "").Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        _plain = _full.Split(';')[0];
    }

    public bool IsGml => _plain == "application/gml+xml" || _full.StartsWith("text/xml;subtype=gml", StringComparison.Ordinal);

    public bool IsGeoJson => _plain is "application/geo+json" or "application/vnd.geo+json";

    public bool IsDbf => _plain is "application/vnd.dbf" or "application/x-dbf";

    public bool IsCsv => _plain == "text/csv";

    /// <summary>
    /// A type that any text may have. The others promise something that the content would have shown,
    /// and text types that the QGIS processes don't know are plain text to them.
    /// </summary>
    public string? PlainText => _plain switch
    {
        "text/html" or "application/json" or "application/xml" or "text/xml" or "application/vnd.mapinfo" => _plain,
        "image/x-aaigrid" or "application/x-esri-ascii-grid" => "text/plain",
        _ => _plain.StartsWith("text/", StringComparison.Ordinal) ? "text/plain" : null,
    };

    public string PlainTextExtension => PlainText switch
    {
        "text/html" => "html",
        "application/json" => "json",
        "application/xml" or "text/xml" => "xml",
        "application/vnd.mapinfo" => "mif",
        _ => "txt",
    };
}
