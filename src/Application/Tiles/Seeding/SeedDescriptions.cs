using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>What clients are told of the processes that make and remove tiles.</summary>
internal static class SeedDescriptions
{
    private const string Text = """{"type": "string"}""";
    private const string Zoom = """{"type": "integer", "minimum": 0, "maximum": 63}""";

    private const string Box =
        """{"allOf": [{"format": "ogc-bbox"}, {"$ref": "http://schemas.opengis.net/ogcapi/processes/part1/1.0/openapi/schemas/bbox.yaml"}]}""";

    private const string Polygons =
        """
        {"oneOf": [
          {"allOf": [{"format": "geojson-geometry"}, {"$ref": "http://schemas.opengis.net/ogcapi/features/part1/1.0/openapi/schemas/geometryGeoJSON.yaml"}]},
          {"allOf": [{"format": "geojson-feature-collection"}, {"$ref": "https://geojson.org/schema/FeatureCollection.json"}]}]}
        """;

    public static IReadOnlyList<ProcessDescription> Make(bool anyone) =>
    [
        Describe(SeedOperation.Seed, "Seed tiles", "Makes the tiles of a layer that are missing in the cache or too old.", anyone),
        Describe(SeedOperation.Reseed, "Reseed tiles", "Makes tiles of a layer anew; each one stays until its successor is there.", anyone),
        Describe(SeedOperation.Truncate, "Truncate tiles", "Removes tiles of a layer from the cache; all of a layer or a level at once.", anyone),
        Export(anyone),
    ];

    private static ProcessDescription Export(bool anyone)
    {
        const string What = "Writes the tiles of a layer into one file; what the cache has not is made.";
        return new ProcessDescription
        {
            Id = SeedNames.Export,
            Title = "Export tiles",
            Description = anyone ? What : $"{What} Needs the administrator's token.",
            Version = "1.0.0",
            Keywords = ["tiles", "MBTiles", "PMTiles"],
            NeedsAdministrator = !anyone,
            JobControl = JobControlOptions.AsyncExecute | JobControlOptions.Dismiss,
            Inputs =
            [
                Input(SeedNames.Layer, "The layer's id", Text) with { MinOccurs = 1 },
                Input(SeedNames.Archive, "The kind of file; when there is none, that of the output's media type", """{"type": "string", "enum": ["mbtiles", "pmtiles"], "default": "mbtiles"}"""),
                Input(SeedNames.TileMatrixSet, "The only one that such files can have", $$"""{"type": "string", "enum": ["{{TileArchiveWish.Set}}"], "default": "{{TileArchiveWish.Set}}"}"""),
                Input(SeedNames.Format, "mvt, png, jpeg or webp; the layer's own when there is none", Text),
                Input(SeedNames.MinZoom, "The first zoom", Zoom),
                Input(SeedNames.MaxZoom, "The last zoom", Zoom),
                Input(SeedNames.Bbox, "Where: a box in longitude and latitude", Box),
                Input(SeedNames.Polygon, "Where: polygons", Polygons),
            ],
            Outputs =
            [
                new OutputDescription(SeedNames.Archive, "The file", Schema(
                    $$"""
                    {"oneOf": [{"type": "string", "contentEncoding": "binary", "contentMediaType": "{{TileArchiveWish.MbTiles}}"},
                      {"type": "string", "contentEncoding": "binary", "contentMediaType": "{{TileArchiveWish.PmTiles}}"}]}
                    """))
                {
                    MediaTypes = [TileArchiveWish.MbTiles, TileArchiveWish.PmTiles],
                },
            ],
        };
    }

    private static ProcessDescription Describe(SeedOperation operation, string title, string what, bool anyone)
    {
        var makes = operation != SeedOperation.Truncate;
        return new ProcessDescription
        {
            Id = SeedNames.ProcessOf(operation),
            Title = title,
            Description = anyone ? what : $"{what} Needs the administrator's token.",
            Version = "1.0.0",
            Keywords = ["tiles", "cache"],
            NeedsAdministrator = !anyone,
            JobControl = makes ? JobControlOptions.AsyncExecute | JobControlOptions.Dismiss : JobControlOptions.All,
            Inputs =
            [
                Input(SeedNames.Layer, "The layer's id", Text) with { MinOccurs = 1 },
                Input(SeedNames.TileMatrixSet, "Ids of tile matrix sets; all of the layer's when there is none", Text, InputDescription.Unbounded),
                Input(SeedNames.TileMatrix, "Ids of tile matrices; all within the zooms when there is none", Text, InputDescription.Unbounded),
                Input(SeedNames.Format, "mvt, png, jpeg or webp; the layer's own when there is none", Text, InputDescription.Unbounded),
                Input(SeedNames.MinZoom, "Position of the first matrix", Zoom),
                Input(SeedNames.MaxZoom, "Position of the last matrix", Zoom),
                Input(SeedNames.Bbox, "Where: a box in longitude and latitude", Box),
                Input(SeedNames.Polygon, "Where: polygons", Polygons),
                Input(SeedNames.Tiles, "Where: tiles by XYZ, a line each (z/x/y or z/x/y-x2/y2), with those above and below", """{"type": "string", "contentMediaType": "text/plain"}"""),
                .. makes
                    ? [Input(SeedNames.Threads, "Metatiles at once, at most", """{"type": "integer", "minimum": 1, "maximum": 1024}"""),
                        Input(SeedNames.Rate, "Tiles a second, at most", """{"type": "number", "minimum": 0.001}""")]
                    : Array.Empty<InputDescription>(),
            ],
            Outputs =
            [
                .. makes
                    ? [Output(SeedNames.Tiles, "Tiles that were made"), Output(SeedNames.Kept, "Tiles that were there already"), Output(SeedNames.Empty, "Of those made, tiles without content"),
                        Output(SeedNames.Failed, "Tiles that could not be made or kept"), Output(SeedNames.Bytes, "Bytes of the tiles made")]
                    : Array.Empty<OutputDescription>(),
                new OutputDescription(SeedNames.Seconds, "How long it took", Schema("""{"type": "number"}""")),
            ],
        };
    }

    private static InputDescription Input(string id, string title, string schema, int most = 1) => new(id, title, Schema(schema), MinOccurs: 0, most) { ByReference = false };

    private static OutputDescription Output(string id, string title) => new(id, title, Schema("""{"type": "integer", "minimum": 0}"""));

    private static JsonObject Schema(string json) => JsonNode.Parse(json)!.AsObject();
}
