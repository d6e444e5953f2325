using System.Text.RegularExpressions;

namespace GeoWps.Adapters.Execution.Policy;

/// <summary>Texts by which QGIS and GDAL would open something of the server's or of somebody else's. A caller sends data or an address, never one of these.</summary>
internal static partial class SourceForms
{
    /// <summary>Data of one line is longer, or does not begin like a source.</summary>
    private const int Longest = 4096;

    public static bool IsSource(string text) =>
        text.Length <= Longest && text.AsSpan().Trim().IndexOfAny('\r', '\n') < 0 && (Beginning().IsMatch(text) || (!IsMarkup(text) && Anywhere().IsMatch(text)));

    /// <summary>XML and JSON hold anything, such as the address of the service that made them, and are never opened by what they hold.</summary>
    private static bool IsMarkup(string text) => text.AsSpan().TrimStart().TrimStart('\uFEFF') is ['<' or '{', ..];

    /// <summary>Paths, virtual file systems, drivers and providers by their prefix, serialised objects of QGIS.</summary>
    [GeneratedRegex(
        """^\s*(["']?(/|~|\.{1,2}[/\\]|\\\\|[A-Za-z]:[/\\])|[A-Za-z][\w+.-]*:|(memory|virtual|point|linestring|polygon|multipoint|multilinestring|multipolygon|none)\?|Qgs[A-Z]\w+|<(VRT|OGRVRT|GDAL_WMS|WMS_|WCS|GDALTileIndex))""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Beginning();

    /// <summary>Connections, and options behind a name.</summary>
    [GeneratedRegex("""(^|[\s&?])(dbname|authcfg|service|host|contextualWMSLegend)\s*=|(^\s*|&)(url|type)=\S+&|\|(layername|layerid|subset|option|geometrytype|uniqueGeometryType)[:=]""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Anywhere();
}
