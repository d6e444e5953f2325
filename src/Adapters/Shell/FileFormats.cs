namespace GeoWps.Adapters.Shell;

/// <summary>Media types of files by their extensions, in the spelling of the server.</summary>
internal static class FileFormats
{
    public const string GeoJson = "application/geo+json";
    public const string Zip = "application/zip";

    private static readonly (string Extension, string MediaType)[] _known =
    [
        ("geojson", GeoJson),
        ("gpkg", "application/geopackage+sqlite3"),
        ("fgb", "application/flatgeobuf"),
        ("gml", "application/gml+xml"),
        ("kml", "application/vnd.google-earth.kml+xml"),
        ("gpx", "application/gpx+xml"),
        ("csv", "text/csv"),
        ("zip", Zip),
        ("tif", "image/tiff; application=geotiff"),
        ("tiff", "image/tiff; application=geotiff"),
        ("png", "image/png"),
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("json", "application/json"),
        ("xml", "application/xml"),
        ("xml", "text/xml"),
        ("html", "text/html"),
        ("txt", "text/plain"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("dbf", "application/vnd.dbf"),
        ("pdf", "application/pdf"),
        ("svg", "image/svg+xml"),
        ("mbtiles", "application/vnd.sqlite3"),
        ("pmtiles", "application/vnd.pmtiles"),
    ];

    /// <summary>The name of a format for a person: <c>gpkg</c>, or the media type itself.</summary>
    public static string ShortName(string mediaType) =>
        _known.FirstOrDefault(known => SameType(known.MediaType, mediaType)).Extension ?? mediaType;

    /// <summary>Media types that a file of this name may have, the usual one first; none for an unknown extension.</summary>
    public static IReadOnlyList<string> Of(string fileName)
    {
        var extension = Path.GetExtension(fileName).TrimStart('.').ToLowerInvariant();
        return extension == "json"
            ? [GeoJson, "application/json"]
            : [.. _known.Where(known => known.Extension == extension).Select(known => known.MediaType)];
    }

    /// <summary>The first of <paramref name="offered"/> that is one of <paramref name="wanted"/>, whatever its parameters, as offered.</summary>
    public static string? Match(IReadOnlyList<string> wanted, IReadOnlyList<string> offered) =>
        wanted.Select(type => offered.FirstOrDefault(other => SameType(type, other))).FirstOrDefault(match => match is not null);

    public static bool SameType(string left, string right) =>
        left.AsSpan(0, End(left)).Equals(right.AsSpan(0, End(right)), StringComparison.OrdinalIgnoreCase);

    // Parameters (after ';') do not count.
    private static int End(string mediaType) => mediaType.IndexOf(';', StringComparison.Ordinal) is var end && end < 0 ? mediaType.Length : mediaType.AsSpan(0, end).TrimEnd().Length;
}
