using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>The rings of all polygons of a GeoJSON document (RFC 7946): a geometry, a feature or a collection of them.</summary>
internal static class GeoJsonRings
{
    /// <returns><see langword="null"/> when there is a mistake.</returns>
    public static IReadOnlyList<double[]>? Read(JsonElement json, string place, List<Mistake> mistakes)
    {
        var rings = new List<double[]>();
        if (Read(json, rings) is { } wrong)
        {
            mistakes.Add(new Mistake(place, wrong));
            return null;
        }

        if (rings.Count == 0)
        {
            mistakes.Add(new Mistake(place, "holds no polygon"));
            return null;
        }

        return rings;
    }

    private static string? Read(JsonElement json, List<double[]> rings)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            return "must be GeoJSON: a Polygon, a MultiPolygon, or features of them";
        }

        return type.GetString() switch
        {
            "Polygon" => Polygon(Member(json, "coordinates"), rings),
            "MultiPolygon" => Each(Member(json, "coordinates"), polygon => Polygon(polygon, rings)),
            "GeometryCollection" => Each(Member(json, "geometries"), geometry => Read(geometry, rings)),
            "FeatureCollection" => Each(Member(json, "features"), feature => Read(feature, rings)),
            "Feature" => Member(json, "geometry").ValueKind == JsonValueKind.Null ? null : Read(Member(json, "geometry"), rings),
            var other => $"must hold polygons and nothing else (got {other})",
        };
    }

    private static JsonElement Member(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value : default;

    private static string? Each(JsonElement items, Func<JsonElement, string?> read) =>
        items.ValueKind != JsonValueKind.Array ? "is no GeoJSON: a list is missing" : items.EnumerateArray().Select(read).FirstOrDefault(wrong => wrong is not null);

    private static string? Polygon(JsonElement polygon, List<double[]> rings) => Each(polygon, ring =>
    {
        if (ring.ValueKind != JsonValueKind.Array || ring.GetArrayLength() < 4)
        {
            return "is no GeoJSON: a ring has at least four positions";
        }

        var pairs = new double[ring.GetArrayLength() * 2];
        var at = 0;
        foreach (var position in ring.EnumerateArray())
        {
            if (position.ValueKind != JsonValueKind.Array || position.GetArrayLength() < 2
                || !TryNumber(position[0], 540, out pairs[at++]) || !TryNumber(position[1], 90, out pairs[at++]))
            {
                return "positions must be longitude and latitude in degrees";
            }
        }

        rings.Add(pairs);
        return null;
    });

    private static bool TryNumber(JsonElement json, double most, out double number)
    {
        number = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out number) && Math.Abs(number) <= most;
    }
}
