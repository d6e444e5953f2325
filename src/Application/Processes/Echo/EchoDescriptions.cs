using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Echo;

/// <summary>The two processes that give every input back. The order of inputs and outputs is part of the contract.</summary>
/// <remarks>WPS also knows <c>echo</c> as <c>org.n52.javaps.test.EchoProcess</c>; that name is for its adapter alone, so it is no alias of the catalogue.</remarks>
internal static class EchoDescriptions
{
    public const string Echo = "echo";
    public const string EchoProcess = "EchoProcess";

    /// <summary>Seconds to wait; given back by nothing.</summary>
    public const string Pause = "pause";

    private const string Gml = "application/gml+xml; version=3.2";

    private const string Geometry =
        """{"allOf": [{"format": "geojson-geometry"}, {"$ref": "http://schemas.opengis.net/ogcapi/features/part1/1.0/openapi/schemas/geometryGeoJSON.yaml"}]}""";

    private const string Box =
        """{"allOf": [{"format": "ogc-bbox"}, {"$ref": "http://schemas.opengis.net/ogcapi/processes/part1/1.0/openapi/schemas/bbox.yaml"}]}""";

    public static ProcessDescription OfEcho() => new()
    {
        Id = Echo,
        Title = "Echo",
        Description = "Gives every input back as the output of the same name. For trying a client, a proxy or a deployment.",
        Version = "1.0.0",
        Keywords = ["echo", "test"],
        Inputs =
        [
            Input("literalInput", "Text", """{"type": "string"}""", 1, 1),
            Input("numberInput", "Number above 0, up to 100", """{"type": "number", "format": "double", "minimum": 0, "exclusiveMinimum": true, "maximum": 100}"""),
            Input("booleanInput", "True or false", """{"type": "boolean"}"""),
            Input("dateInput", "Date and time", """{"type": "string", "format": "date-time"}"""),
            Input("arrayInput", "Two to ten integers as one value", """{"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 10}"""),
            Input("imageInput", "TIFF image", """{"type": "string", "contentEncoding": "binary", "contentMediaType": "image/tiff"}"""),
            Input("geometryInput", "Geometry as GeoJSON or GML", $$"""{"oneOf": [{"type": "string", "contentMediaType": "{{Gml}}"}, {{Geometry}}]}""", 0, 5),
            Input(
                "complexInput",
                "Any well-formed XML or JSON",
                """{"oneOf": [{"type": "string", "contentMediaType": "text/xml"}, {"type": "string", "contentMediaType": "application/json"}]}"""),
            Input("boundingBoxInput", "Bounding box", Box),
            Input(Pause, "Seconds to wait before the answer", """{"type": "number", "minimum": 0, "maximum": 60}""") with { ByReference = false },
        ],
        Outputs =
        [
            Output("literalOutput", "Text", """{"type": "string"}"""),
            Output("numberOutput", "Number", """{"type": "number", "format": "double", "minimum": 0, "exclusiveMinimum": true, "maximum": 100}"""),
            Output("booleanOutput", "True or false", """{"type": "boolean"}"""),
            Output("dateOutput", "Date and time", """{"type": "string", "format": "date-time"}"""),
            Output("arrayOutput", "Integers", """{"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 10}""", MediaTypes.Json),
            Output("imageOutput", "TIFF image", """{"type": "string", "contentEncoding": "binary", "contentMediaType": "image/tiff"}""", "image/tiff"),
            Output("geometryOutput", "Geometry", $$"""{"oneOf": [{"type": "string", "contentMediaType": "{{Gml}}"}, {{Geometry}}]}""", MediaTypes.GeoJson, Gml),
            Output(
                "complexOutput",
                "XML or JSON",
                """{"oneOf": [{"type": "string", "contentMediaType": "text/xml"}, {"type": "string", "contentMediaType": "application/json"}]}""",
                "text/xml",
                MediaTypes.Json),
            Output("boundingBoxOutput", "Bounding box", Box),
        ],
    };

    /// <summary>The standard's <c>examples/ProcessDescription.json</c> with three slips put right.</summary>
    public static ProcessDescription OfEchoProcess()
    {
        const string Text = """{"type": "string", "enum": ["Value1", "Value2", "Value3"]}""";
        const string Measure =
            """
            {"type": "object", "required": ["measurement", "uom"], "properties": {
              "measurement": {"type": "number"}, "uom": {"type": "string"}, "reference": {"type": "string", "format": "uri"}}}
            """;
        const string Date = """{"type": "string", "format": "date-time"}""";
        const string Double = """{"type": "number", "format": "double", "minimum": 0, "maximum": 10, "default": 5, "exclusiveMinimum": true}""";
        const string Array = """{"type": "array", "minItems": 2, "maxItems": 10, "items": {"type": "integer"}}""";
        const string Complex =
            """
            {"type": "object", "required": ["property1", "property5"], "properties": {
              "property1": {"type": "string"}, "property2": {"type": "string", "format": "uri"}, "property3": {"type": "number"},
              "property4": {"type": "string", "format": "date-time"}, "property5": {"type": "boolean"}}}
            """;
        const string GeometryOrGml =
            $$"""
            {"oneOf": [{"type": "string", "contentMediaType": "{{Gml}}", "contentSchema": "http://schemas.opengis.net/gml/3.2.1/geometryBasic2d.xsd"},
              {{Geometry}}]}
            """;
        const string Images =
            """
            {"oneOf": [{"type": "string", "contentEncoding": "binary", "contentMediaType": "application/tiff; application=geotiff"},
              {"type": "string", "contentEncoding": "binary", "contentMediaType": "application/jp2"}]}
            """;
        const string Features =
            $$"""
            {"oneOf": [{"type": "string", "contentMediaType": "{{Gml}}"},
              {"type": "string", "contentSchema": "https://schemas.opengis.net/kml/2.3/ogckml23.xsd", "contentMediaType": "application/vnd.google-earth.kml+xml"},
              {"allOf": [{"format": "geojson-feature-collection"}, {"$ref": "https://geojson.org/schema/FeatureCollection.json"}]}]}
            """;
        return new ProcessDescription
        {
            Id = EchoProcess,
            Title = "Echo Process",
            Description = "The example process of OGC API - Processes: accepts any number of inputs and echoes each as an output.",
            Version = "1.0.0",
            Keywords = ["echo", "test"],
            Inputs =
            [
                Input("stringInput", "String", Text, 1, 1),
                Input("measureInput", "Number with unit of measure", Measure, 1, 1),
                Input("dateInput", "Date and time", Date, 1, 1),
                Input("doubleInput", "Number above 0, up to 10", Double),
                Input("arrayInput", "Array as one value", Array, 1, 1),
                Input("complexObjectInput", "Object", Complex, 1, 1),
                Input("geometryInput", "Geometries as GeoJSON or GML", GeometryOrGml, 2, 5),
                Input("boundingBoxInput", "Bounding box", Box, 1, 1),
                Input("imagesInput", "Images", Images, 1, 150),
                Input("featureCollectionInput", "Features as GeoJSON, GML or KML", Features, 1, 1),
            ],
            Outputs =
            [
                Output("stringOutput", "String", Text),
                Output("measureOutput", "Number with unit of measure", Measure, MediaTypes.Json),
                Output("dateOutput", "Date and time", Date),
                Output("doubleOutput", "Number", Double),
                Output("arrayOutput", "Array", Array, MediaTypes.Json),
                Output("complexObjectOutput", "Object", Complex, MediaTypes.Json),
                Output("geometryOutput", "Geometries", GeometryOrGml, MediaTypes.GeoJson, Gml),
                Output("boundingBoxOutput", "Bounding box", Box),
                Output("imagesOutput", "Images", Images, "application/tiff; application=geotiff", "application/jp2"),
                Output("featureCollectionOutput", "Features", Features, MediaTypes.GeoJson, Gml, "application/vnd.google-earth.kml+xml"),
            ],
        };
    }

    public static string OutputOf(string input) => input.Replace("Input", "Output", StringComparison.Ordinal);

    private static InputDescription Input(string id, string title, string schema, int minOccurs = 0, int maxOccurs = 1) =>
        new(id, title, Schema(schema), minOccurs, maxOccurs);

    private static OutputDescription Output(string id, string title, string schema, params string[] mediaTypes) =>
        new(id, title, Schema(schema)) { MediaTypes = mediaTypes };

    private static JsonObject Schema(string json) => JsonNode.Parse(json)!.AsObject();
}
