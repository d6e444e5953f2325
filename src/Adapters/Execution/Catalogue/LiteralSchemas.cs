using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>Schemas of values that stand for themselves.</summary>
internal static class LiteralSchemas
{
    public static JsonObject Number(ParameterDescriptor parameter)
    {
        var schema = Schemas.Of(IsInteger(parameter) ? "integer" : "number");
        if (parameter.Number("min") is { } least)
        {
            schema["minimum"] = Bound(parameter, least);
        }

        if (parameter.Number("max") is { } most)
        {
            schema["maximum"] = Bound(parameter, most);
        }

        return schema;
    }

    /// <summary>Index or label; only what uses static strings has labels alone.</summary>
    public static JsonObject Choice(ParameterDescriptor parameter)
    {
        var options = parameter.Texts("options");
        var labels = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. options.Distinct().Select(label => JsonValue.Create(label))]) };
        if (options.Count == 0)
        {
            return Schemas.Of("string");
        }

        if (parameter.Flag("uses_static_strings"))
        {
            return parameter.Flag("allow_multiple") ? Schemas.Array(labels, unique: true) : labels;
        }

        var each = options.Select((label, index) => new JsonObject { ["type"] = "integer", ["enum"] = new JsonArray(index), ["title"] = label });
        var one = Schemas.OneOf(each.Append(labels));
        return parameter.Flag("allow_multiple") ? Schemas.Array(one, unique: true) : one;
    }

    public static JsonObject FieldOrBand(ParameterDescriptor parameter)
    {
        var one = parameter.Type == "band" ? new JsonObject { ["type"] = "integer", ["minimum"] = 1 } : Schemas.Of("string");
        return parameter.Flag("allow_multiple") ? Schemas.Array(one) : one;
    }

    /// <summary><c>#rrggbb</c>, or <c>#aarrggbb</c> with its opacity.</summary>
    public static JsonObject Colour() => new() { ["type"] = "string", ["pattern"] = "^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$" };

    public static JsonObject Time(ParameterDescriptor parameter) => new()
    {
        ["type"] = "string",
        ["format"] = parameter.Integer("type") switch { 1 => "date", 2 => "time", _ => "date-time" },
    };

    /// <summary>Whether a parameter's default is of the kind that its schema asks for; some of QGIS's are not.</summary>
    public static bool Fits(ParameterDescriptor parameter)
    {
        var value = parameter.Default;
        return parameter.Type switch
        {
            "number" when IsInteger(parameter) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" or "distance" or "scale" or "duration" or "area" or "volume" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "enum" => FitsChoice(parameter, value),
            "band" when !parameter.Flag("allow_multiple") => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var band) && band > 0,
            "field" or "band" => value.ValueKind == (parameter.Flag("allow_multiple") ? JsonValueKind.Array : JsonValueKind.String),
            "string" or "crs" or "expression" or "color" or "extent" or "point" or "relief_colors" or "raster_calc_expression" => value.ValueKind == JsonValueKind.String,
            "matrix" => value.ValueKind == JsonValueKind.Array,
            _ => false,
        };
    }

    private static bool FitsChoice(ParameterDescriptor parameter, JsonElement value)
    {
        var isOne = parameter.Flag("uses_static_strings")
            ? (Func<JsonElement, bool>)(item => item.ValueKind == JsonValueKind.String)
            : item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var index) && index >= 0 && index < parameter.Texts("options").Count;
        return parameter.Flag("allow_multiple") ? value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(isOne) : isOne(value);
    }

    public static bool IsInteger(ParameterDescriptor parameter) => parameter.Type == "number" && parameter.Integer("data_type") == 0;

    private static JsonNode Bound(ParameterDescriptor parameter, double bound) =>
        IsInteger(parameter) && bound == Math.Floor(bound) && Math.Abs(bound) < 9e15 ? JsonValue.Create((long)bound) : JsonValue.Create(bound);
}
