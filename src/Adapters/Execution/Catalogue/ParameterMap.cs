using System.Text.Json;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>Reads a parameter's constraints, which QGIS gives as plain data under its own names.</summary>
internal static class ParameterMap
{
    /// <summary>Its default is the CRS of a project, which a request may or may not bring.</summary>
    public static bool IsProjectCrs(this ParameterDescriptor parameter) =>
        !parameter.Optional && parameter.Type == "crs" && parameter.Default is { ValueKind: JsonValueKind.String } preset && preset.ValueEquals("ProjectCrs");

    public static string? Text(this ParameterDescriptor parameter, string name) =>
        Find(parameter, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool Flag(this ParameterDescriptor parameter, string name) => Find(parameter, name) is { ValueKind: JsonValueKind.True };

    public static double? Number(this ParameterDescriptor parameter, string name) =>
        Find(parameter, name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    public static int? Integer(this ParameterDescriptor parameter, string name) =>
        Find(parameter, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    public static IReadOnlyList<string> Texts(this ParameterDescriptor parameter, string name) =>
        Find(parameter, name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray().Select(item => item.ToString())] : [];

    public static IReadOnlyList<int> Integers(this ParameterDescriptor parameter, string name) =>
        Find(parameter, name) is { ValueKind: JsonValueKind.Array } value
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Number).Select(item => item.GetInt32())]
            : [];

    private static JsonElement? Find(ParameterDescriptor parameter, string name) =>
        parameter.Map.ValueKind == JsonValueKind.Object && parameter.Map.TryGetProperty(name, out var value) ? value : null;
}
