using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Collections;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Features of layers: OGC API - Features 1.0, class "OpenAPI 3.0".</summary>
internal static class FeaturePaths
{
    private const string Tag = "Features";

    public static IEnumerable<(string Path, JsonObject Operations)> All() =>
    [
        ("/collections/{layer}/items", Items()),
        ("/collections/{layer}/items/{feature}", Item()),
        ("/collections/{layer}/queryables", Queryables()),
    ];

    private static JsonObject Items()
    {
        var box = ApiParts.List("bbox", "Features in this rectangle: west, south, east, north (with heights: west, south, bottom, east, north, top), in the order of axes of bbox-crs", """{"type": "number"}""");
        box["schema"]!["oneOf"] = JsonNode.Parse("""[{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]""");

        // What fields there are depends on the layer: every name that is no other parameter's is a field's.
        var fields = ApiParts.Query("fields", "Fields of the layer (queryables) with the values that features must have there: name=Oslo", """{"type": "object", "additionalProperties": {"type": "string"}}""");
        (fields["style"], fields["explode"]) = ("form", true);
        var operation = ApiParts.Operation(
            "getFeatures",
            Tag,
            "Features of a layer, page by page",
            [
                Layer(),
                Limit(),
                box,
                Crs("bbox-crs", "The CRS of bbox; longitude and latitude when not given"),
                Crs("crs", "The CRS of the coordinates to be answered; longitude and latitude when not given"),
                ApiParts.Query("datetime", "A date or date-time of RFC 3339, or an interval of two divided by /, with .. for an open end", """{"type": "string"}"""),
                ApiParts.List("properties", "The fields that are answered; all when not given", """{"type": "string"}"""),
                ApiParts.Query("after", "Only features whose ids come after this one: links to the next page have it", """{"type": "string"}"""),
                fields,
            ],
            ("200", GeoJson("Features", "featureCollectionGeoJSON")),
            ("304", ApiParts.Ref("responses", "NotModified")),
            NotFound,
            Full);
        return new JsonObject { ["get"] = ApiParts.OrPage(operation) };
    }

    private static JsonObject Item() => new()
    {
        ["get"] = ApiParts.OrPage(ApiParts.Operation(
            "getFeature",
            Tag,
            "A feature",
            [Layer(), ApiParts.Path("feature", "The id of a feature"), Crs("crs", "The CRS of the coordinates to be answered; longitude and latitude when not given")],
            ("200", GeoJson("The feature", "featureGeoJSON")),
            ("304", ApiParts.Ref("responses", "NotModified")),
            NotFound,
            Full)),
    };

    private static JsonObject Queryables() => new()
    {
        ["get"] = ApiParts.OrPage(ApiParts.Operation(
            "getQueryables",
            Tag,
            "The fields that features can be asked for by",
            [Layer()],
            ("200", new JsonObject { ["description"] = "A JSON Schema", ["content"] = new JsonObject { [FeatureLinks.SchemaType] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } } }),
            NotFound)),
    };

    public static void AddSchemas(JsonObject schemas)
    {
        schemas["geometryGeoJSON"] = JsonNode.Parse("""
            {"type": "object", "nullable": true, "required": ["type"], "properties": {
              "type": {"type": "string", "enum": ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"]},
              "coordinates": {"type": "array", "items": {}}, "geometries": {"type": "array", "items": {"type": "object"}}}}
            """);
        schemas["featureGeoJSON"] = JsonNode.Parse("""
            {"type": "object", "required": ["type", "geometry", "properties"], "properties": {
              "type": {"type": "string", "enum": ["Feature"]},
              "id": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
              "geometry": {"$ref": "#/components/schemas/geometryGeoJSON"},
              "properties": {"type": "object", "nullable": true},
              "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
            """);
        schemas["featureCollectionGeoJSON"] = JsonNode.Parse("""
            {"type": "object", "required": ["type", "features"], "properties": {
              "type": {"type": "string", "enum": ["FeatureCollection"]},
              "features": {"type": "array", "items": {"$ref": "#/components/schemas/featureGeoJSON"}},
              "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}},
              "timeStamp": {"type": "string", "format": "date-time"},
              "numberMatched": {"type": "integer", "minimum": 0},
              "numberReturned": {"type": "integer", "minimum": 0}}}
            """);
    }

    private static JsonObject GeoJson(string description, string schema) => new()
    {
        ["description"] = description,
        ["headers"] = new JsonObject { [FeatureLinks.ContentCrs] = new JsonObject { ["description"] = "The CRS of the coordinates, in angle brackets", ["schema"] = new JsonObject { ["type"] = "string" } } },
        ["content"] = new JsonObject { [Media.GeoJson] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", schema) } },
    };

    private static JsonObject Layer() => ApiParts.Path("layer", "The id of a layer");

    private static JsonObject Crs(string name, string description) => ApiParts.Query(name, description + ", such as http://www.opengis.net/def/crs/EPSG/0/3857", """{"type": "string", "format": "uri"}""");

    private static JsonObject Limit() =>
        ApiParts.Query("limit", "Features on a page at most", """{"type": "integer", "minimum": 1, "maximum": 10000, "default": 10}""");
}
