using System.Text.Json;
using GeoWps.Domain.Spatial;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Where a geometry of GeoJSON is, in degrees.</summary>
public static class GeoJsonExtent
{
    /// <returns>Empty, for what has no coordinates or is not in degrees.</returns>
    public static IReadOnlyList<Extent> Of(JsonElement geometry)
    {
        var all = Extent.Empty;
        if (geometry.ValueKind == JsonValueKind.Object && geometry.TryGetProperty("coordinates", out var coordinates))
        {
            Join(coordinates, ref all);
        }

        return all.IsEmpty ? [] : RecordFields.Box(all.MinX, all.MinY, all.MaxX, all.MaxY) ?? [];
    }

    private static void Join(JsonElement coordinates, ref Extent all)
    {
        if (coordinates.ValueKind != JsonValueKind.Array || coordinates.GetArrayLength() == 0)
        {
            return;
        }

        if (coordinates[0].ValueKind != JsonValueKind.Number)
        {
            foreach (var part in coordinates.EnumerateArray())
            {
                Join(part, ref all);
            }
        }
        else if (coordinates.GetArrayLength() >= 2 && coordinates[0].TryGetDouble(out var x) && coordinates[1].ValueKind == JsonValueKind.Number && coordinates[1].TryGetDouble(out var y))
        {
            all = all.Join(new Extent(x, y, x, y));
        }
    }
}
