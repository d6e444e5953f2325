namespace GeoWps.Adapters.Execution.Staging;

/// <summary>Which file of an unpacked zip is its data.</summary>
internal static class ZipContent
{
    private static readonly HashSet<string> Data =
    [
        ".shp", ".gpkg", ".fgb", ".geojson", ".json", ".gml", ".kml", ".gpx", ".csv", ".tsv", ".tab", ".mif", ".dbf",
        ".tif", ".tiff", ".png", ".jpg", ".jpeg", ".jp2", ".asc", ".2dm",
    ];

    /// <summary>May be data, and is more often a description of it.</summary>
    private static readonly HashSet<string> Documents = [".xml", ".txt"];

    private static readonly HashSet<string> Companions =
    [
        ".shx", ".prj", ".cpg", ".qpj", ".qml", ".sbn", ".sbx", ".xsd", ".gfs", ".tfw", ".wld", ".jgw", ".pgw", ".ovr", ".idx",
        ".map", ".dat", ".id", ".ind", ".mid",
    ];

    public static string? MainFile(IReadOnlyList<string> files)
    {
        if (files.Count == 1)
        {
            return files[0];
        }

        var shapefiles = new HashSet<string>(
            files.Where(file => Extension(file) == ".shp").Select(Stem), StringComparer.OrdinalIgnoreCase);
        var visible = files.Where(file => !IsOfTheSystem(file)).ToArray();
        var own = visible.Where(file => !IsCompanion(file, shapefiles)).ToArray();
        return own.FirstOrDefault(IsOfAKmz)
            ?? own.FirstOrDefault(IsData)
            ?? own.FirstOrDefault(file => Documents.Contains(Extension(file)))
            ?? (own.Length == 0 ? visible.FirstOrDefault() : null);
    }

    private static bool IsCompanion(string file, HashSet<string> shapefiles) => Extension(file) switch
    {
        ".dbf" => shapefiles.Contains(Stem(file)),

        // roads.shp.xml and dem.tif.aux.xml, but also dem.aux.xml.
        ".xml" => file.EndsWith(".aux.xml", StringComparison.OrdinalIgnoreCase) || IsData(Stem(file)),
        var extension => Companions.Contains(extension),
    };

    /// <summary>Its pictures may come first.</summary>
    private static bool IsOfAKmz(string file) => file.Equals("doc.kml", StringComparison.OrdinalIgnoreCase);

    private static bool IsData(string file) => Data.Contains(Extension(file));

    /// <summary>What macOS packs along has the names, and so the extensions, of the real files.</summary>
    private static bool IsOfTheSystem(string file) => file.StartsWith("__MACOSX/", StringComparison.Ordinal)
        || Path.GetFileName(file).StartsWith('.');

    private static string Extension(string file) => Path.GetExtension(file).ToLowerInvariant();

    private static string Stem(string file) => file[..^Path.GetExtension(file).Length];
}
