using System.Text.Json;

namespace GeoWps.Domain.Processes.Schemas;

/// <summary>The form of boxes and GeoJSON (RFC 7946). Large arrays that were moved out of the request are taken as they are.</summary>
internal static class GeoJsonChecks
{
    private const int MaxDepth = 32;

    /// <returns>What would be right, beginning with the member that is wrong; <see langword="null"/> when nothing is.</returns>
    public static string? Fault(WellKnownObject kind, JsonElement json) => kind switch
    {
        WellKnownObject.None => null,
        WellKnownObject.BoundingBox => BoundingBox(json),
        WellKnownObject.Geometry => Geometry(json, strict: true, 0),
        WellKnownObject.Feature => Feature(json),
        WellKnownObject.FeatureCollection => FeatureCollection(json),
    };

    /// <summary><c>bbox.yaml</c>, with any CRS: which ones are right is the process's affair.</summary>
    private static string? BoundingBox(JsonElement json)
    {
        if (!json.TryGetProperty("bbox", out var box))
        {
            return "must be a bounding box: it has no bbox";
        }

        if (box.ValueKind != JsonValueKind.Array || box.GetArrayLength() is not (4 or 6) || !box.EnumerateArray().All(IsFinite))
        {
            return "must be a bounding box: bbox must be an array of 4 or 6 numbers";
        }

        return json.TryGetProperty("crs", out var crs) && (crs.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(crs.GetString()))
            ? "must be a bounding box: crs must be the URI of a coordinate reference system"
            : null;
    }

    private static string? FeatureCollection(JsonElement json)
    {
        if (TypeOf(json) != "FeatureCollection")
        {
            return "must be a GeoJSON feature collection: type must be FeatureCollection";
        }

        if (!json.TryGetProperty("features", out var features) || (features.ValueKind != JsonValueKind.Array && !IsArrayElsewhere(features)))
        {
            return "must be a GeoJSON feature collection: features must be an array";
        }

        if (features.ValueKind == JsonValueKind.Array)
        {
            var i = 0;
            foreach (var feature in features.EnumerateArray())
            {
                if (Feature(feature) is { } fault)
                {
                    return $"must be a GeoJSON feature collection: features[{i}] {fault}";
                }

                i++;
            }
        }

        return null;
    }

    private static string? Feature(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || TypeOf(json) != "Feature")
        {
            return "must be a GeoJSON feature: type must be Feature";
        }

        if (json.TryGetProperty("properties", out var properties) && properties.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            return "must be a GeoJSON feature: properties must be an object";
        }

        // Less strict than for a geometry that stands alone: there are algorithms that mend what is invalid.
        return json.TryGetProperty("geometry", out var geometry) && geometry.ValueKind != JsonValueKind.Null ? Geometry(geometry, strict: false, 0) : null;
    }

    private static string? Geometry(JsonElement json, bool strict, int depth)
    {
        const string Must = "must be a GeoJSON geometry: ";
        var type = json.ValueKind == JsonValueKind.Object ? TypeOf(json) : null;
        if (type == "GeometryCollection")
        {
            return Collection(json, strict, depth);
        }

        var level = type switch
        {
            "Point" => 0,
            "MultiPoint" or "LineString" => 1,
            "Polygon" or "MultiLineString" => 2,
            "MultiPolygon" => 3,
            _ => -1,
        };
        if (level < 0)
        {
            return Must + "type must be Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon or GeometryCollection";
        }

        if (!json.TryGetProperty("coordinates", out var coordinates) || !(IsArrayElsewhere(coordinates) || Nested(coordinates, level)))
        {
            return Must + $"the coordinates of a {type} must be {Words(level)}";
        }

        return strict && coordinates.ValueKind == JsonValueKind.Array && TooFew(type!, coordinates) is { } few ? Must + few : null;
    }

    private static string? Collection(JsonElement json, bool strict, int depth)
    {
        if (depth >= MaxDepth)
        {
            return "must be a GeoJSON geometry: it is nested too deeply";
        }

        if (!json.TryGetProperty("geometries", out var geometries) || (geometries.ValueKind != JsonValueKind.Array && !IsArrayElsewhere(geometries)))
        {
            return "must be a GeoJSON geometry: geometries must be an array";
        }

        return geometries.ValueKind == JsonValueKind.Array
            ? geometries.EnumerateArray().Select(part => Geometry(part, strict, depth + 1)).FirstOrDefault(fault => fault is not null)
            : null;
    }

    /// <summary>Arrays in arrays down to positions of at least two numbers; an empty geometry is an empty array.</summary>
    private static bool Nested(JsonElement json, int level)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var length = json.GetArrayLength();
        return level == 0
            ? length is 0 or >= 2 && json.EnumerateArray().All(IsFinite)
            : length == 0 || json.EnumerateArray().All(part => Nested(part, level - 1));
    }

    private static string? TooFew(string type, JsonElement coordinates) => type switch
    {
        "LineString" => coordinates.GetArrayLength() == 1 ? "a LineString has at least two positions" : null,
        "MultiLineString" => coordinates.EnumerateArray().Any(line => line.GetArrayLength() == 1) ? "a LineString has at least two positions" : null,
        "Polygon" => Rings(coordinates),
        "MultiPolygon" => coordinates.EnumerateArray().Select(Rings).FirstOrDefault(fault => fault is not null),
        _ => null,
    };

    private static string? Rings(JsonElement polygon) =>
        polygon.EnumerateArray().Any(ring => ring.GetArrayLength() is > 0 and < 4) ? "the ring of a Polygon has at least four positions" : null;

    private static string Words(int level) => level switch
    {
        0 => "an array of numbers",
        1 => "an array of positions",
        2 => "an array of arrays of positions",
        _ => "an array of arrays of arrays of positions",
    };

    private static bool IsFinite(JsonElement json) => json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var number) && double.IsFinite(number);

    private static bool IsArrayElsewhere(JsonElement json) => Attachment.TryGetNumber(json, out _);

    private static string? TypeOf(JsonElement json) =>
        json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
}
