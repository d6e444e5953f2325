using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>Builds the JSON Schemas of descriptions, with the keywords of the standard's <c>schema.yaml</c> and no others.</summary>
internal static class Schemas
{
    private const string GeoJsonCollection = "https://geojson.org/schema/FeatureCollection.json";
    private const string GeometryGeoJson = "http://schemas.opengis.net/ogcapi/features/part1/1.0/openapi/schemas/geometryGeoJSON.yaml";
    private const string BoundingBox = "http://schemas.opengis.net/ogcapi/processes/part1/1.0/openapi/schemas/bbox.yaml";

    public static JsonObject Of(string type) => new() { ["type"] = type };

    public static JsonObject OneOf(IEnumerable<JsonObject> alternatives)
    {
        var all = alternatives.ToArray();
        return all.Length == 1 ? all[0] : new JsonObject { ["oneOf"] = new JsonArray([.. all]) };
    }

    public static JsonObject Array(JsonObject items, int minItems = 0, bool unique = false)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = items };
        if (minItems > 0)
        {
            schema["minItems"] = minItems;
        }

        if (unique)
        {
            schema["uniqueItems"] = true;
        }

        return schema;
    }

    /// <summary>An object of that form; the format comes first, because a public test-suite looks there.</summary>
    public static JsonObject Box() => Named("ogc-bbox", BoundingBox);

    public static JsonObject Geometry() => Named("geojson-geometry", GeometryGeoJson);

    public static JsonObject FeatureCollection() => Named("geojson-feature-collection", GeoJsonCollection);

    public static JsonObject Text(string mediaType) => new() { ["type"] = "string", ["contentMediaType"] = mediaType };

    public static JsonObject Binary(string mediaType) =>
        new() { ["type"] = "string", ["contentEncoding"] = "binary", ["contentMediaType"] = mediaType };

    public static JsonObject WithDefault(this JsonObject schema, JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            schema["default"] = JsonNode.Parse(value.GetRawText());
        }

        return schema;
    }

    private static JsonObject Named(string format, string reference) =>
        new() { ["allOf"] = new JsonArray(new JsonObject { ["format"] = format }, new JsonObject { ["$ref"] = reference }) };
}
