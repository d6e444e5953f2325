using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoWps.Adapters.Formats;

/// <summary>The <c>crs</c> member of GeoJSON 2008, which RFC 7946 dropped and QGIS still writes and reads.</summary>
internal static partial class CrsName
{
    public const int Wgs84 = 4326;

    /// <summary>The EPSG code behind a name; CRS84 counts as 4326, as GDAL has it, because GeoJSON has the longitude first either way.</summary>
    public static bool TryParse(string name, out int epsgCode)
    {
        epsgCode = Wgs84;
        if (Crs84().IsMatch(name))
        {
            return true;
        }

        var match = Epsg().Match(name);
        return match.Success && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out epsgCode);
    }

    /// <summary>Reads the member's value: <c>{"type":"name","properties":{"name":"…"}}</c> or null.</summary>
    public static int Read(ref JsonCursor cursor)
    {
        var start = cursor.Position;
        cursor.Skip();
        string? name = null;
        using (var document = System.Text.Json.JsonDocument.Parse(cursor.Since(start).ToArray()))
        {
            var root = document.RootElement;
            if (root.ValueKind == System.Text.Json.JsonValueKind.Null)
            {
                return Wgs84;
            }

            if (root.ValueKind == System.Text.Json.JsonValueKind.Object
                && root.TryGetProperty("properties", out var properties) && properties.ValueKind == System.Text.Json.JsonValueKind.Object
                && properties.TryGetProperty("name", out var value) && value.ValueKind == System.Text.Json.JsonValueKind.String)
            {
                name = value.GetString();
            }
        }

        if (name is null)
        {
            throw new NotRepresentableException("the \"crs\" member has no name");
        }

        return TryParse(name, out var code) ? code : throw new NotRepresentableException($"the CRS \"{name}\" has no EPSG code");
    }

    [GeneratedRegex(@"^(urn:(x-)?ogc:def:crs:OGC:([^:]*:)?(CRS)?84|OGC:CRS84|CRS:84|\[OGC:CRS84\]|https?://(www\.)?opengis\.net/def/crs/OGC/[^/]+/CRS84)$", RegexOptions.IgnoreCase)]
    private static partial Regex Crs84();

    [GeneratedRegex(@"^(?:EPSG::?|\[EPSG:(?=[0-9]+\])|urn:(?:x-)?ogc:def:crs:EPSG:(?:[^:]*:)?|https?://(?:www\.)?opengis\.net/(?:def/crs/EPSG/[^/]+/|gml/srs/epsg\.xml#))([0-9]{1,9})\]?$", RegexOptions.IgnoreCase)]
    private static partial Regex Epsg();
}
