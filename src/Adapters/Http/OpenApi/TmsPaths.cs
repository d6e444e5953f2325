using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>The documents of the Tile Map Service 1.0.0; its tiles are in <see cref="TilePaths"/>.</summary>
internal static class TmsPaths
{
    private const string Tag = "WMTS and TMS";

    public static IEnumerable<(string Path, JsonObject Operations)> All() =>
    [
        ("/tms", Get("getTms", "The root of TMS 1.0.0", [], [])),
        ("/tms/1.0.0", Get("getTmsService", "The layers that have tiles in Web Mercator, as TMS 1.0.0", [], [("304", ApiParts.Ref("responses", "NotModified"))])),
        ("/tms/1.0.0/{layer}", Get("getTmsTileMap", "A layer as a TileMap of TMS 1.0.0", [ApiParts.Path("layer", "The id of a layer")], [("404", Xml("TileMapServerError"))])),
    ];

    private static JsonObject Get(string id, string summary, JsonObject[] parameters, (string Status, JsonObject Response)[] more) =>
        new() { ["get"] = ApiParts.Operation(id, Tag, summary, parameters, [("200", Xml(summary)), .. more]) };

    private static JsonObject Xml(string description) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["text/xml"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } },
    };
}
