using System.Text.RegularExpressions;
using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>Texts that show in their first words what they are.</summary>
internal static partial class TextFormats
{
    public static DataKind? Identify(string text, DeclaredType declared, DeclaredName name)
    {
        if (Json().IsMatch(text))
        {
            // A collection's type may stand behind its features, beyond what is seen here.
            var isGeoJson = GeoJsonType().IsMatch(text) || declared.IsGeoJson || name.Extension == "geojson";
            return isGeoJson ? new DataKind(DataFormats.GeoJson, "geojson") : new DataKind("application/json", "json");
        }

        if (Mesh().IsMatch(text))
        {
            return new DataKind(DataFormats.Text, "2dm");
        }

        return AsciiGrid().IsMatch(text) ? new DataKind(DataFormats.AsciiGrid, "asc") : null;
    }

    /// <summary>A bracket alone is no JSON: sections of settings' files begin with one too.</summary>
    [GeneratedRegex("""\A\s*(?:\{\s*(?:["}]|\z)|\[\s*(?:[\[{"\]\-0-9]|true\b|false\b|null\b|\z))""", RegexOptions.CultureInvariant)]
    private static partial Regex Json();

    [GeneratedRegex("""
        "type"\s*:\s*"(?:FeatureCollection|Feature|(?:Multi)?(?:Point|LineString|Polygon)|GeometryCollection)"
        """, RegexOptions.CultureInvariant)]
    private static partial Regex GeoJsonType();

    [GeneratedRegex(@"\A\s*MESH2D\b", RegexOptions.CultureInvariant)]
    private static partial Regex Mesh();

    [GeneratedRegex(
        @"\A\s*(?:ncols|nrows|xllcorner|xllcenter|yllcorner|yllcenter|cellsize|dx|dy|nodata_value)[ \t]+[-+.0-9]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AsciiGrid();
}
