using System.Collections.Frozen;
using System.Text.Json;

namespace GeoWps.Application.Layers;

/// <summary>
/// What of a MapLibre style is not seen in tiles that QGIS draws. Clients that draw vector tiles themselves see all of it, so it is no mistake, but it is said.
/// The other half, which draws, is <c>maplibre.py</c> of the Python half.
/// </summary>
internal static class DrawnStyle
{
    private const int Most = 50;

    /// <summary>Types of layers, what they can be drawn on, and the properties that are drawn.</summary>
    private static readonly FrozenDictionary<string, (string[] On, string[] Properties)> _types = new Dictionary<string, (string[], string[])>
    {
        ["fill"] = (["Polygon"], ["fill-color", "fill-opacity", "fill-outline-color", "fill-antialias"]),
        ["line"] = (["LineString", "Polygon"], ["line-color", "line-opacity", "line-width", "line-cap", "line-join", "line-dasharray"]),
        ["circle"] = (["Point"], ["circle-radius", "circle-color", "circle-opacity", "circle-stroke-width", "circle-stroke-color", "circle-stroke-opacity"]),
        ["symbol"] = (["Point", "LineString", "Polygon"],
            ["text-field", "text-size", "text-color", "text-opacity", "text-halo-color", "text-halo-width", "text-transform", "symbol-placement"]),
    }.ToFrozenDictionary();

    /// <summary>Those whose value must be one for all.</summary>
    private static readonly string[] _constant = ["fill-antialias", "line-cap", "line-join", "line-dasharray", "text-transform", "symbol-placement", "visibility"];

    private static readonly string[] _filters = ["none", "!in", "!has"];

    /// <summary>Operators of expressions that are drawn.</summary>
    internal static FrozenSet<string> Operators { get; } = new[]
    {
        "get", "has", "in", "literal", "zoom", "geometry-type", "id", "let", "var", "!", "all", "any", "==", "!=", "<", "<=", ">", ">=", "case", "match", "coalesce",
        "step", "interpolate", "rgb", "rgba", "concat", "format", "string", "number", "boolean", "to-string", "to-number", "to-boolean", "to-color",
        "+", "-", "*", "/", "%", "^", "min", "max", "abs", "round", "ceil", "floor", "sqrt", "ln", "log10", "upcase", "downcase", "length",
    }.ToFrozenSet();

    /// <param name="style">A MapLibre style document.</param>
    /// <param name="geometryType">Of the features; <see langword="null"/>: any.</param>
    /// <returns>A sentence for each thing, 50 at most; empty when all is drawn.</returns>
    public static IReadOnlyList<string> NotDrawn(string style, string? geometryType)
    {
        var found = new List<string>();
        using var document = JsonDocument.Parse(style);
        var number = 0;
        foreach (var layer in document.RootElement.GetProperty("layers").EnumerateArray())
        {
            var place = $"layers[{number++}]{(Text(layer, "id") is { } id ? $" ({id})" : "")}: ";
            OfLayer(layer, geometryType, text => found.Add(place + text));
            if (found.Count >= Most)
            {
                return found[..Most];
            }
        }

        return found;
    }

    private static void OfLayer(JsonElement layer, string? geometryType, Action<string> tell)
    {
        if (layer.ValueKind != JsonValueKind.Object || Text(layer, "type") is not { } type || !_types.TryGetValue(type, out var drawn))
        {
            tell($"layers of the type {Text(layer, "type") ?? "nothing"} are not drawn in map tiles");
            return;
        }

        if (geometryType is not null && !drawn.On.Contains(geometryType))
        {
            tell($"a {type} is not drawn in map tiles of features that are {geometryType}");
            return;
        }

        if (type == "symbol" && !(layer.TryGetProperty("layout", out var layout) && layout.ValueKind == JsonValueKind.Object && layout.TryGetProperty("text-field", out _)))
        {
            tell("symbols without text are not drawn in map tiles");
            return;
        }

        foreach (var part in (ReadOnlySpan<string>)["layout", "paint"])
        {
            if (!layer.TryGetProperty(part, out var looks) || looks.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            foreach (var look in looks.EnumerateObject())
            {
                if (look.Name != "visibility" && !drawn.Properties.Contains(look.Name))
                {
                    tell($"{look.Name} is not drawn in map tiles");
                }
                else if (_constant.Contains(look.Name) && Depends(look.Value))
                {
                    tell($"{look.Name} that depends on something can't be drawn in map tiles");
                }
                else
                {
                    OfValue(look.Value, isFilter: false, text => tell($"{look.Name}: {text}"));
                }
            }
        }

        if (layer.TryGetProperty("filter", out var filter))
        {
            OfValue(filter, isFilter: true, text => tell($"filter: {text}"));
        }
    }

    private static bool Depends(JsonElement value) => value.ValueKind == JsonValueKind.Object
        || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.String && value[0].GetString() != "literal");

    private static void OfValue(JsonElement value, bool isFilter, Action<string> tell)
    {
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("stops", out var stops) && stops.ValueKind == JsonValueKind.Array)
        {
            foreach (var stop in stops.EnumerateArray().Where(stop => stop.ValueKind == JsonValueKind.Array && stop.GetArrayLength() == 2))
            {
                if (stop[0].ValueKind == JsonValueKind.Object)
                {
                    tell("a function of the zoom and a field can't be drawn in map tiles");
                    return;
                }

                OfValue(stop[1], isFilter, tell);
            }
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0 || value[0].ValueKind != JsonValueKind.String)
        {
            return;
        }

        var name = value[0].GetString()!;
        if (!Operators.Contains(name) && !(isFilter && _filters.Contains(name)))
        {
            tell($"the expression {name} can't be drawn in map tiles");
        }
        else if (name == "interpolate" && value.GetArrayLength() > 1 && Text(value[1]) is not ("linear" or "exponential"))
        {
            tell($"to interpolate by {Text(value[1])} can't be drawn in map tiles");
        }
        else if (name == "get" && value.GetArrayLength() != 2)
        {
            tell("get of an object can't be drawn in map tiles");
        }
        else if (name != "literal")
        {
            var isMatch = name == "match";
            var last = value.GetArrayLength() - 1;
            for (var i = name == "interpolate" ? 2 : 1; i <= last; i++)
            {
                // Labels of a match are values.
                if (!isMatch || i == 1 || i == last || i % 2 == 1)
                {
                    OfValue(value[i], isFilter, tell);
                }
            }
        }
    }

    private static string? Text(JsonElement array) =>
        array.ValueKind == JsonValueKind.Array && array.GetArrayLength() > 0 && array[0].ValueKind == JsonValueKind.String ? array[0].GetString() : null;

    private static string? Text(JsonElement found, string name) =>
        found.ValueKind == JsonValueKind.Object && found.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
