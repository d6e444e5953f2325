using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>Values that stand for themselves: in the form that QGIS takes, and what of them can't be right.</summary>
internal static partial class Literals
{
    /// <summary>A VALUE of the worker protocol. The value fits the parameter's schema.</summary>
    public static JsonObject Value(ParameterDescriptor parameter, JsonElement json) => parameter.Type switch
    {
        "extent" or "point" or "geometry" when json.ValueKind == JsonValueKind.Object => new JsonObject { ["place"] = Node(json) },
        "enum" => Plain(Choice(parameter, json)),
        "range" => Plain(string.Join(',', json.EnumerateArray().Select(number => number.GetRawText()))),
        "matrix" => Plain(Flat(json)),
        _ => Plain(Node(json)),
    };

    /// <summary>A text in place of numbers would be taken for the name of a layer.</summary>
    /// <returns>Why it is refused; <see langword="null"/> when it may pass.</returns>
    public static string? Refuse(ParameterDescriptor parameter, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String || json.GetString() is not { Length: > 0 } text)
        {
            return null;
        }

        return parameter.Type switch
        {
            "extent" when !Extent().IsMatch(text) => "must be a box such as {\"bbox\": [xmin, ymin, xmax, ymax]}, or a text such as xmin,xmax,ymin,ymax [EPSG:4326]",
            "point" when !Point().IsMatch(text) => "must be a GeoJSON point, or a text such as x,y [EPSG:4326]",
            "geometry" when !Wkt().IsMatch(text) => "must be a GeoJSON geometry, or WKT",
            _ => null,
        };
    }

    private static JsonObject Plain(JsonNode? value) => new() { ["v"] = value };

    private static JsonNode? Node(JsonElement json) => JsonNode.Parse(json.GetRawText());

    /// <summary>QGIS counts its options; people and other programs write what they are called.</summary>
    private static JsonNode? Choice(ParameterDescriptor parameter, JsonElement json)
    {
        if (parameter.Flag("uses_static_strings"))
        {
            return Node(json);
        }

        return json.ValueKind switch
        {
            JsonValueKind.Array => new JsonArray([.. json.EnumerateArray().Select(item => Choice(parameter, item))]),
            JsonValueKind.String when parameter.Texts("options").ToList().IndexOf(json.GetString()!) is >= 0 and var index => index,
            _ => Node(json),
        };
    }

    private static JsonArray Flat(JsonElement json) =>
        [.. json.EnumerateArray().SelectMany(row => row.ValueKind == JsonValueKind.Array ? row.EnumerateArray().AsEnumerable() : [row]).Select(Node)];

    private const string Number = @"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*";

    /// <summary>A name of one in any spelling; the worker makes it a code before QGIS sees it.</summary>
    private const string Crs = @"(\[\s*([A-Za-z]\w*::?\w+|\d{4,6}|urn:(x-)?ogc:def:crs:[\w:.]+|https?://(www\.)?opengis\.net/(def/crs/\w+/[\w.]+/\w+|gml/srs/\w+\.xml#\w+))\s*\]\s*)?";

    [GeneratedRegex($"^{Number},{Number},{Number},{Number}{Crs}$", RegexOptions.CultureInvariant)]
    private static partial Regex Extent();

    [GeneratedRegex($"^{Number},{Number}{Crs}$", RegexOptions.CultureInvariant)]
    private static partial Regex Point();

    [GeneratedRegex(@"^\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|CURVE|SURFACE|GEOMETRYCOLLECTION|CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON)\s*(ZM?|M|25D)?\s*(EMPTY|\([\w\s(),.+-]*\))\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Wkt();
}
