using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Wmts;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>WMTS 1.0.0, as far as OpenAPI can tell: its capabilities describe it.</summary>
internal static class WmtsPaths
{
    private const string Tag = "WMTS and TMS";

    public static IEnumerable<(string Path, JsonObject Operations)> All() =>
    [
        ("/wmts", Get("getWmts", "A request of WMTS 1.0.0 as parameters, whose names have no case", Kvp(), [("200", Answer([.. InfoTypes(), .. TileTypes(), "text/xml"])), ("204", Empty()), NotModified(), Report("400"), Report("501"), Report("503")])),
        ("/" + WmtsCapabilitiesEndpoint.Path, Get("getWmtsCapabilities", "The capabilities of WMTS 1.0.0", [], [("200", Answer(["text/xml"])), NotModified()])),
        ("/wmts/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}.{ext}", Get(
            "getWmtsTile",
            "A tile by the address that the capabilities tell",
            [
                ApiParts.Path("layer", "The id of a layer"),
                ApiParts.Path("style", "default"),
                ApiParts.Path("tileMatrixSet", "The id of a tile matrix set, such as WebMercatorQuad"),
                ApiParts.Path("tileMatrix", "The id of one of its matrices, such as 7"),
                Integer(ApiParts.Path("tileRow", "Tiles from the top")),
                Integer(ApiParts.Path("tileCol", "Tiles from the left")),
                ApiParts.Path("ext", "png, jpg, webp or pbf"),
            ],
            [("200", Answer(TileTypes())), ("204", Empty()), NotModified(), Report("404"), Report("503")])),
        ("/wmts/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}/{j}/{i}.{ext}", Get(
            "getWmtsFeatureInfo",
            "The features at a pixel of a tile by the address that the capabilities tell",
            [
                ApiParts.Path("layer", "The id of a layer with features"),
                ApiParts.Path("style", "default"),
                ApiParts.Path("tileMatrixSet", "The id of a tile matrix set, such as WebMercatorQuad"),
                ApiParts.Path("tileMatrix", "The id of one of its matrices, such as 7"),
                Integer(ApiParts.Path("tileRow", "Tiles from the top")),
                Integer(ApiParts.Path("tileCol", "Tiles from the left")),
                Integer(ApiParts.Path("j", "Pixels from above")),
                Integer(ApiParts.Path("i", "Pixels from the left")),
                ApiParts.Path("ext", "json, txt or html"),
            ],
            [("200", Answer(InfoTypes())), Report("404"), Report("501"), Report("503")])),
    ];

    private static JsonObject[] Kvp() =>
    [
        ApiParts.Query("service", "WMTS", """{"type": "string"}"""),
        ApiParts.Query("request", "GetCapabilities, GetTile or GetFeatureInfo", """{"type": "string"}"""),
        ApiParts.Query("version", "1.0.0; required of GetTile and GetFeatureInfo", """{"type": "string"}"""),
        ApiParts.Query("AcceptVersions", "Of GetCapabilities: versions, the most wanted first", """{"type": "string"}"""),
        ApiParts.Query("AcceptFormats", "Of GetCapabilities: text/xml or application/xml", """{"type": "string"}"""),
        ApiParts.Query("Sections", "Of GetCapabilities: sections, separated by commas", """{"type": "string"}"""),
        ApiParts.Query("updateSequence", "Of GetCapabilities: that of the document the caller has", """{"type": "string"}"""),
        ApiParts.Query("layer", "Of GetTile and GetFeatureInfo: the id of a layer", """{"type": "string"}"""),
        ApiParts.Query("style", "Of GetTile and GetFeatureInfo: default, or empty", """{"type": "string"}"""),
        ApiParts.Query("format", "Of GetTile and GetFeatureInfo: a media type", """{"type": "string"}"""),
        ApiParts.Query("TileMatrixSet", "Of GetTile and GetFeatureInfo: the id of a tile matrix set", """{"type": "string"}"""),
        ApiParts.Query("TileMatrix", "Of GetTile and GetFeatureInfo: the id of one of its matrices", """{"type": "string"}"""),
        ApiParts.Query("TileRow", "Of GetTile and GetFeatureInfo: tiles from the top", """{"type": "integer"}"""),
        ApiParts.Query("TileCol", "Of GetTile and GetFeatureInfo: tiles from the left", """{"type": "integer"}"""),
        ApiParts.Query("I", "Of GetFeatureInfo: pixels from the left", """{"type": "integer"}"""),
        ApiParts.Query("J", "Of GetFeatureInfo: pixels from above", """{"type": "integer"}"""),
        ApiParts.Query("InfoFormat", "Of GetFeatureInfo: application/json, text/plain or text/html", """{"type": "string"}"""),
    ];

    private static JsonObject Get(string id, string summary, JsonObject[] parameters, (string Status, JsonObject Response)[] answers) =>
        new() { ["get"] = ApiParts.Operation(id, Tag, summary, parameters, answers) };

    private static IEnumerable<string> TileTypes() => TileFormat.All.Select(format => format.MediaType);

    private static IEnumerable<string> InfoTypes() => WmtsFeatureInfo.Formats.Select(format => format.MediaType);

    private static JsonObject Answer(IEnumerable<string> types)
    {
        var content = new JsonObject();
        foreach (var type in types)
        {
            content[type] = new JsonObject { ["schema"] = type.StartsWith("text/", StringComparison.Ordinal) ? new JsonObject { ["type"] = "string" } : new JsonObject { ["type"] = "string", ["format"] = "binary" } };
        }

        return new JsonObject { ["description"] = "What was asked for", ["content"] = content };
    }

    private static JsonObject Empty() => new() { ["description"] = "The tile is empty" };

    private static (string, JsonObject) NotModified() => ("304", ApiParts.Ref("responses", "NotModified"));

    private static (string, JsonObject) Report(string status) => (status, new JsonObject
    {
        ["description"] = "ows:ExceptionReport",
        ["content"] = new JsonObject { ["text/xml"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } },
    });

    private static JsonObject Integer(JsonObject parameter)
    {
        parameter["schema"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 };
        return parameter;
    }
}
