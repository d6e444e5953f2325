using System.Text.Json;
using System.Text.RegularExpressions;
using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Policy;

/// <summary>What a caller who is not trusted may not put into a parameter that is described.</summary>
internal static partial class ParameterPolicy
{
    private const int LongestText = 4096;

    /// <returns>Why the value is refused, with what would be right; <see langword="null"/> when it may pass.</returns>
    public static string? Refuse(AlgorithmDescriptor algorithm, ParameterDescriptor parameter, JsonElement value, bool trusted)
    {
        if (IsDataDefined(value))
        {
            return "a data-defined value is not taken: give the value itself";
        }

        if (trusted || value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } text)
        {
            return null;
        }

        return parameter.Name switch
        {
            "OPTIONS" or "DATASOURCE_OPTIONS" or "LAYER_OPTIONS" => CreationOptions.Refuse(algorithm, text),
            _ => parameter.Type switch
            {
                "crs" => RefuseCrs(text),
                "coordinateoperation" when NamesFile().IsMatch(text) => "an operation must not name a grid or an address",
                _ => null,
            },
        };
    }

    private static string? RefuseCrs(string text) =>
        text.Length > LongestText ? $"a CRS has at most {LongestText} characters"
        : Uri().IsMatch(text) ? null
        : text.Contains("+proj", StringComparison.OrdinalIgnoreCase) || NamesFile().IsMatch(text) || text.StartsWith('/')
            ? "must be an authority's code such as EPSG:4326, or WKT without grid files"
            : null;

    private static bool IsDataDefined(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == "data-defined";

    /// <summary>The addresses that stand for a code; nobody opens them.</summary>
    [GeneratedRegex(@"\Ahttps?://www\.opengis\.net/(def/crs/\w+/[^/\s]*/\w+/?|gml/srs/\w+\.xml#\w+)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Uri();

    [GeneratedRegex(@"grids?\s*=|\.(gsb|gtx|gtg|tif|lla|las|los|dat|json)\b|://|PARAMETERFILE|file:", RegexOptions.IgnoreCase)]
    private static partial Regex NamesFile();
}
