using System.Text.Json;

namespace GeoWps.Application.Files;

/// <summary>What a file holds, as it is kept: JSON with <c>format</c>, <c>layers</c>, <c>raster</c> and <c>extent</c> (<c>docs/files.md</c>).</summary>
public static class FileContents
{
    /// <summary>Of a file that is no data.</summary>
    public const string Nothing = """{"format":null,"layers":[],"raster":null,"extent":null}""";

    /// <returns>West, south, east, north in degrees; <see langword="null"/> where nobody has looked, or there is none.</returns>
    public static double[]? ExtentOf(string? contents)
    {
        if (contents is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse(contents);
        return json.RootElement.TryGetProperty("extent", out var extent) && extent.ValueKind == JsonValueKind.Array ? [.. extent.EnumerateArray().Select(number => number.GetDouble())] : null;
    }
}
