using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Collections;
using GeoWps.Domain.Records;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>The catalogue and its records: OGC API - Records Part 1, class "OpenAPI 3.0".</summary>
internal static class RecordPaths
{
    private const string Tag = "Records";

    public static IEnumerable<(string Path, JsonObject Operations)> All() =>
    [
        ("/collections/records", Get("getCatalogue", "The catalogue of this server", [], Media.Json, """{"type": "object", "required": ["id", "itemType", "links"]}""")),
        ("/collections/records/items", Search("getRecords", "Records, page by page")),
        ("/collections/records/items/{record}", Get("getRecord", "A record", [ApiParts.Path("record", "The id of a record, which may have slashes")], Media.GeoJson, """{"$ref": "#/components/schemas/featureGeoJSON"}""", mayMiss: true)),
        ("/collections/records/changes", Changes()),
        ("/collections/records/documents/{record}", Document()),
        ("/collections/records/queryables", Get("getRecordQueryables", "What records can be asked for by", [], FeatureLinks.SchemaType, """{"type": "object"}""")),
        ("/collections/records/sortables", Get("getRecordSortables", "What records can be sorted by", [], FeatureLinks.SchemaType, """{"type": "object"}""")),
        ("/search", Search("search", "Records; at a gateway those of all nodes")),
    ];

    private static JsonObject Search(string id, string summary)
    {
        var box = ApiParts.List("bbox", "Records in this rectangle, longitude and latitude: west, south, east, north (with heights six numbers); west may be east of east across the antimeridian", """{"type": "number"}""");
        box["schema"]!["oneOf"] = JsonNode.Parse("""[{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]""");
        return Get(
            id,
            summary,
            [
                Text("q", "Words, all of which have to be there; in quotation marks as they stand; a comma between alternatives"),
                Texts("ids", "Ids of records"),
                Texts("externalIds", "Ids that others know the thing by"),
                Texts("type", "Types of records, or codes of their classification"),
                Texts("classification", "Codes, of one scheme as SCHEME:CODE"),
                box,
                ApiParts.Query("bbox-crs", "The CRS of bbox: CRS84", """{"type": "string", "format": "uri", "default": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}"""),
                Text("datetime", "A date or date-time of RFC 3339, or an interval of two divided by /, with .. for an open end"),
                Texts("sortby", "Names of sortables, each with - before it for the last first"),
                ApiParts.Query("limit", "Records on a page at most", """{"type": "integer", "minimum": 1, "maximum": 2000, "default": 10}"""),
                ApiParts.Query("offset", "How many come before the page", """{"type": "integer", "minimum": 0, "default": 0}"""),
                Texts("facets", "Properties whose values are counted: type, keywords, formats, source, language, classification, scheme:ID"),
                Text("filter", "A condition in CQL2"),
                ApiParts.Query("filter-lang", "The language of filter", """{"type": "string", "enum": ["cql2-text"], "default": "cql2-text"}"""),
                ApiParts.Query("filter-crs", "The CRS of the coordinates in filter", """{"type": "string", "format": "uri"}"""),
                .. Queryables(),
            ],
            Media.GeoJson,
            """{"$ref": "#/components/schemas/featureCollectionGeoJSON"}""");
    }

    // Those that have no parameter of their own above.
    private static IEnumerable<JsonObject> Queryables() => RecordProperties.All
        .Where(one => one.Kind is RecordPropertyKind.Text or RecordPropertyKind.TextList && one.Name is not (RecordProperties.Type or RecordProperties.ExternalIds or RecordProperties.Classification))
        .Select(one => Text(one.Name, $"{one.Title}: exactly this value, of a list one of it"));

    private static JsonObject Changes()
    {
        var answer = new JsonObject { ["description"] = "Records that came or changed, and the ids of those that went", ["content"] = new JsonObject { [Media.GeoJson] = new JsonObject { ["schema"] = JsonNode.Parse("""
            {"type": "object", "required": ["type", "features", "state", "numberTotal", "removed"], "properties": {
              "type": {"type": "string", "enum": ["FeatureCollection"]},
              "timeStamp": {"type": "string", "format": "date-time"},
              "state": {"type": "string", "description": "What to ask with next time"},
              "numberTotal": {"type": "integer", "minimum": 0, "description": "How many records there are in all"},
              "removed": {"type": "array", "items": {"type": "string"}},
              "features": {"type": "array", "items": {"type": "object"}},
              "links": {"type": "array", "items": {"type": "object"}}}}
            """) } } };
        var gone = new JsonObject { ["description"] = "That is not known any more, or too much has changed", ["content"] = new JsonObject { [Media.ProblemJson] = new JsonObject { ["schema"] = JsonNode.Parse("""{"$ref": "#/components/schemas/exception"}""") } } };
        return new JsonObject
        {
            ["get"] = ApiParts.Operation(
                "getRecordChanges", Tag, "What has changed since a state, for servers that harvest this one", [Text("since", "The state that an answer before has said; without it the answer is only what it is now")], ("200", answer), ("410", gone)),
        };
    }

    private static JsonObject Document()
    {
        var binary = new JsonObject { ["schema"] = JsonNode.Parse("""{"type": "string", "format": "binary"}""") };
        JsonObject Answer(string description) => new() { ["description"] = description, ["content"] = new JsonObject { ["*/*"] = binary.DeepClone() } };
        JsonObject Problem(string description) => new() { ["description"] = description, ["content"] = new JsonObject { [Media.ProblemJson] = new JsonObject { ["schema"] = JsonNode.Parse("""{"$ref": "#/components/schemas/exception"}""") } } };
        return new JsonObject
        {
            ["get"] = ApiParts.Operation(
                "getRecordDocument",
                Tag,
                "The document of a harvested record, through this server",
                [ApiParts.Path("record", "The id of a record, which may have slashes"), ApiParts.Query("f", "A first look at it: the first page of a PDF as PNG, the beginning of a text", """{"type": "string", "enum": ["preview"]}""")],
                ("200", Answer("The document, or a first look at it")),
                ("206", Answer("A part of the document")),
                NotFound,
                ("415", Problem("There is no first look at such a document")),
                ("502", Problem("The source does not deliver")),
                ("503", Problem("As many documents as may be are open; Retry-After says when to come back")),
                ("504", Problem("The source has not delivered in time"))),
        };
    }

    private static JsonObject Get(string id, string summary, JsonObject[] parameters, string media, string schema, bool mayMiss = false)
    {
        var answer = new JsonObject { ["description"] = summary, ["content"] = new JsonObject { [media] = new JsonObject { ["schema"] = JsonNode.Parse(schema) } } };
        return new JsonObject
        {
            ["get"] = ApiParts.OrPage(mayMiss
                ? ApiParts.Operation(id, Tag, summary, parameters, ("200", answer), NotFound)
                : ApiParts.Operation(id, Tag, summary, parameters, ("200", answer))),
        };
    }

    private static JsonObject Text(string name, string description) => ApiParts.Query(name, description, """{"type": "string"}""");

    private static JsonObject Texts(string name, string description) => ApiParts.List(name, description, """{"type": "string"}""");
}
