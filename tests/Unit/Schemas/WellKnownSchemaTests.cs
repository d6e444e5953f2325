using System.Text.Json;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Processes.Schemas;

namespace GeoWps.Tests.Unit.Schemas;

public sealed class WellKnownSchemaTests
{
    private const string Geometry = """{"format": "geojson-geometry"}""";
    private const string Collection = """{"format": "geojson-feature-collection"}""";
    private const string Box = """{"format": "ogc-bbox"}""";

    [Theory]
    [InlineData("""{"format": "ogc-bbox"}""", WellKnownObject.BoundingBox)]
    [InlineData("""{"format": "http://www.opengis.net/def/format/ogcapi-processes/0/ogc-bbox"}""", WellKnownObject.BoundingBox)]
    [InlineData("""{"format": "geojson-geometry"}""", WellKnownObject.Geometry)]
    [InlineData("""{"format": "geojson-feature"}""", WellKnownObject.Feature)]
    [InlineData("""{"format": "geojson-feature-collection"}""", WellKnownObject.FeatureCollection)]
    [InlineData("""{"$ref": "http://schemas.opengis.net/ogcapi/processes/part1/1.0/openapi/schemas/bbox.yaml"}""", WellKnownObject.BoundingBox)]
    [InlineData("""{"$ref": "../../openapi/schemas/geometryGeoJSON.yaml"}""", WellKnownObject.Geometry)]
    [InlineData("""{"$ref": "https://geojson.org/schema/Feature.json"}""", WellKnownObject.Feature)]
    [InlineData("""{"$ref": "https://geojson.org/schema/FeatureCollection.json"}""", WellKnownObject.FeatureCollection)]
    [InlineData("""{"type": "object", "properties": {"bbox": {"type": "array"}, "crs": {"type": "string"}}}""", WellKnownObject.BoundingBox)]
    [InlineData("""{"$ref": "http://example.org/other.yaml"}""", WellKnownObject.None)]
    [InlineData("""{"format": "date"}""", WellKnownObject.None)]
    public void What_has_a_name_is_known_by_it(string schema, WellKnownObject known) => Judge.Compile(schema).WellKnown.ShouldBe(known);

    [Fact]
    public void What_is_not_known_is_taken_as_it_comes() => Judge.ShouldTake("""{"$ref": "http://example.org/other.yaml", "type": "string"}""", "1", "{}");

    [Theory]
    [InlineData("""{"bbox": [1, 2, 3, 4]}""", null)]
    [InlineData("""{"bbox": [1, 2, 3, 4, 5, 6], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}""", null)]
    [InlineData("{}", "it has no bbox")]
    [InlineData("""{"bbox": [1, 2, 3]}""", "bbox must be an array of 4 or 6 numbers")]
    [InlineData("""{"bbox": [1, 2, 3, "4"]}""", "bbox must be an array of 4 or 6 numbers")]
    [InlineData("""{"bbox": [1, 2, 3, 1e999]}""", "bbox must be an array of 4 or 6 numbers")]
    [InlineData("""{"bbox": {}}""", "bbox must be an array of 4 or 6 numbers")]
    [InlineData("""{"bbox": [1, 2, 3, 4], "crs": 4326}""", "crs must be the URI of a coordinate reference system")]
    [InlineData("""{"bbox": [1, 2, 3, 4], "crs": " "}""", "crs must be the URI of a coordinate reference system")]
    public void A_bounding_box_has_its_form(string value, string? fault) =>
        Judge.Mistakes(Box, value).ShouldBe(fault is null ? [] : [$"A: must be a bounding box: {fault}"]);

    [Theory]
    [InlineData(Box, "a bounding box")]
    [InlineData(Geometry, "a GeoJSON geometry")]
    [InlineData("""{"allOf": [{"format": "geojson-feature"}, {"$ref": "featureGeoJSON.yaml"}]}""", "a GeoJSON feature")]
    [InlineData(Collection, "a GeoJSON feature collection")]
    public void What_is_no_object_is_none_of_them(string schema, string name) => Judge.ShouldRefuse(schema, "[1]", $"A: must be {name} (got an array)");

    [Theory]
    [InlineData("""{"type": "Point", "coordinates": [1, 2]}""")]
    [InlineData("""{"type": "Point", "coordinates": [1, 2, 3, 4]}""")]
    [InlineData("""{"type": "Point", "coordinates": []}""")]
    [InlineData("""{"type": "MultiPoint", "coordinates": [[1, 2]]}""")]
    [InlineData("""{"type": "LineString", "coordinates": [[1, 2], [3, 4]]}""")]
    [InlineData("""{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}""")]
    [InlineData("""{"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]], []]}""")]
    [InlineData("""{"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}, {"type": "GeometryCollection", "geometries": []}]}""")]
    [InlineData("""{"type": "Polygon", "coordinates": {"$attachment": 0}}""")]
    public void A_geometry_is_taken(string value) => Judge.Mistakes(Geometry, value, new Attachment(0, JsonValueKind.Array, 100_000)).ShouldBeEmpty();

    [Theory]
    [InlineData("{}", "type must be Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon or GeometryCollection")]
    [InlineData("""{"type": "point", "coordinates": [1, 2]}""", "type must be Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon or GeometryCollection")]
    [InlineData("""{"type": "Point"}""", "the coordinates of a Point must be an array of numbers")]
    [InlineData("""{"type": "Point", "coordinates": [1]}""", "the coordinates of a Point must be an array of numbers")]
    [InlineData("""{"type": "Point", "coordinates": ["1", "2"]}""", "the coordinates of a Point must be an array of numbers")]
    [InlineData("""{"type": "LineString", "coordinates": [1, 2]}""", "the coordinates of a LineString must be an array of positions")]
    [InlineData("""{"type": "LineString", "coordinates": [[1, 2]]}""", "a LineString has at least two positions")]
    [InlineData("""{"type": "MultiLineString", "coordinates": [[[1, 2]]]}""", "a LineString has at least two positions")]
    [InlineData("""{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}""", "the ring of a Polygon has at least four positions")]
    [InlineData("""{"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [0, 0]]]]}""", "the ring of a Polygon has at least four positions")]
    [InlineData("""{"type": "MultiPolygon", "coordinates": [[[0, 0]]]}""", "the coordinates of a MultiPolygon must be an array of arrays of arrays of positions")]
    [InlineData("""{"type": "GeometryCollection"}""", "geometries must be an array")]
    [InlineData("""{"type": "GeometryCollection", "geometries": [{"type": "LineString", "coordinates": [[1, 2]]}]}""", "a LineString has at least two positions")]
    public void A_geometry_that_is_none_is_told_what_is_wrong(string value, string fault) => Judge.ShouldRefuse(Geometry, value, $"A: must be a GeoJSON geometry: {fault}");

    [Theory]
    [InlineData("""{"type": "FeatureCollection", "features": []}""", null)]
    [InlineData("""{"type": "FeatureCollection", "features": {"$attachment": 0}}""", null)]
    [InlineData("""{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null, "properties": null}]}""", null)]
    [InlineData("""{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2]]}}]}""", null)]
    [InlineData("""{"type": "Feature", "features": []}""", "type must be FeatureCollection")]
    [InlineData("""{"type": "FeatureCollection"}""", "features must be an array")]
    [InlineData("""{"type": "FeatureCollection", "features": [{"type": "Feature"}, {"type": "feature"}]}""", "features[1] must be a GeoJSON feature: type must be Feature")]
    [InlineData("""{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": 1}]}""", "features[0] must be a GeoJSON feature: properties must be an object")]
    [InlineData("""{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point"}}]}""", "features[0] must be a GeoJSON geometry: the coordinates of a Point must be an array of numbers")]
    public void A_feature_collection_is_judged_feature_by_feature(string value, string? fault) =>
        Judge.Mistakes(Collection, value, new Attachment(0, JsonValueKind.Array, 100_000)).ShouldBe(fault is null ? [] : [$"A: must be a GeoJSON feature collection: {fault}"]);

    [Theory]
    [InlineData("""{"$attachment": 3}""", true)]
    [InlineData("""{"$attachment": 3, "a": 1}""", true)]
    [InlineData("""{"$attachment": "3"}""", false)]
    [InlineData("""{"$attachment": null}""", false)]
    [InlineData("""{"$attachment": 1.5}""", false)]
    [InlineData("""[3]""", false)]
    public void A_marker_holds_a_number(string value, bool isOne) => Attachment.TryGetNumber(JsonElement.Parse(value), out _).ShouldBe(isOne);
}
