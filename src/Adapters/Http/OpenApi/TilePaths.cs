using System.Text.Json.Nodes;
using GeoWps.Domain.Tiles;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Layers and their tiles: OGC API - Tiles 1.0. Operation ids end as class "OpenAPI 3.0" (OGC 20-057, clause 14) wants them.</summary>
internal static class TilePaths
{
    private const string Tag = "Tiles";
    private const string Tile = "/{tileMatrix}/{tileRow}/{tileCol}";

    public static IEnumerable<(string Path, JsonObject Operations)> All() =>
    [
        ("/collections", Document("getCollections", "The layers of this server", [Limit(), ApiParts.Query("after", "Only layers whose id comes after this one", """{"type": "string"}""")], "200")),
        ("/collections/{layer}", Document("getCollection", "A layer", [Layer()], "200", "404")),
        ("/tileMatrixSets", Document("getTileMatrixSetsList", "The tile matrix sets of this server", [], "200")),
        ("/tileMatrixSets/{tileMatrixSet}", Document("getTileMatrixSet", "A tile matrix set: OGC 17-083r4", [Set()], "200", "404")),
        .. Tilesets("/tiles", "all.dataset.vector", [], [Collections()], ["mvt"]),
        .. Tilesets("/map/tiles", "all.dataset.map", [], [Collections()], ["png", "jpeg", "webp"]),
        .. Tilesets("/collections/{layer}/tiles", "layer.collection.vector", [Layer()], [], ["mvt", "png", "jpeg", "webp"]),
        .. Tilesets("/collections/{layer}/map/tiles", "layer.collection.map", [Layer()], [], ["png", "jpeg", "webp"]),
        ("/xyz/{layer}/tilejson.json", Document("getTileJson", "A layer in Web Mercator as TileJSON 3.0.0", [Layer()], "200", "404")),
        ("/xyz/{layer}/{tileMatrix}/{tileCol}/{tileRow}.{ext}", new JsonObject { ["get"] = TileOperation("getXyzTile", "A tile, for map libraries", [Layer(), Matrix(), Index("tileCol"), Index("tileRow"), Extension()]) }),
        ("/tms/1.0.0/{layer}/{tileMatrix}/{tileCol}/{tileRow}.{ext}", new JsonObject { ["get"] = TileOperation("getTmsTile", "A tile whose rows count from the south", [Layer(), Matrix(), Index("tileCol"), Index("tileRow"), Extension()]) }),
    ];

    private static IEnumerable<(string Path, JsonObject Operations)> Tilesets(string path, string id, JsonObject[] owner, JsonObject[] more, string[] formats)
    {
        yield return (path, Document($"{id}.getTileSetsList", "The tilesets", Copies(owner), "200", "404"));
        yield return (path + "/{tileMatrixSet}", Document($"{id}.getTileSet", "A tileset; f=tilejson for TileJSON", Copies([.. owner, Set(), .. more]), "200", "400", "404"));
        var format = ApiParts.Query("f", "The format, instead of Accept", $$"""{"type": "string", "enum": [{{string.Join(", ", formats.Select(name => $"\"{name}\""))}}]}""");
        yield return (path + "/{tileMatrixSet}" + Tile, new JsonObject
        {
            ["get"] = TileOperation($"{id}.getTile", "A tile", Copies([.. owner, Set(), Matrix(), Index("tileRow"), Index("tileCol"), .. more, format])),
        });
    }

    private static JsonObject TileOperation(string id, string summary, JsonObject[] parameters)
    {
        var content = new JsonObject();
        foreach (var format in TileFormat.All)
        {
            content[format.MediaType] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } };
        }

        return ApiParts.Operation(
            id,
            Tag,
            summary,
            parameters,
            ("200", new JsonObject { ["description"] = "The tile", ["content"] = content }),
            ("204", new JsonObject { ["description"] = "The tile is empty" }),
            ("304", ApiParts.Ref("responses", "NotModified")),
            BadRequest,
            NotFound,
            Full);
    }

    private static JsonObject Document(string id, string summary, JsonObject[] parameters, params ReadOnlySpan<string> statuses)
    {
        List<(string, JsonObject)> responses = [];
        foreach (var status in statuses)
        {
            responses.Add((status, status switch
            {
                "200" => new JsonObject { ["description"] = summary, ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } } },
                "400" => ApiParts.Ref("responses", "BadRequest"),
                _ => ApiParts.Ref("responses", "NotFound"),
            }));
        }

        return new JsonObject { ["get"] = ApiParts.OrPage(ApiParts.Operation(id, Tag, summary, parameters, [.. responses])) };
    }

    private static JsonObject Layer() => ApiParts.Path("layer", "The id of a layer");

    private static JsonObject Set() => ApiParts.Path("tileMatrixSet", "The id of a tile matrix set, such as WebMercatorQuad");

    private static JsonObject Matrix() => ApiParts.Path("tileMatrix", "The id of one of its matrices, such as 7");

    private static JsonObject Extension() => ApiParts.Path("ext", "pbf, png, jpg or webp");

    private static JsonObject Index(string name)
    {
        var parameter = ApiParts.Path(name, name == "tileRow" ? "Tiles from the top (where the matrix begins there)" : "Tiles from the left");
        parameter["schema"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 };
        return parameter;
    }

    private static JsonObject Collections() => ApiParts.List("collections", "Only these layers, in this order: ids or addresses of collections", """{"type": "string"}""");

    private static JsonObject Limit() => ApiParts.Query("limit", "How many", """{"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}""");

    /// <summary>A node has one parent.</summary>
    private static JsonObject[] Copies(JsonObject[] parts) => [.. parts.Select(part => part.DeepClone().AsObject())];
}
