using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.TileSources.Tiles;

/// <summary>What archives say of vector tiles (MBTiles 1.3, "Vector tileset metadata"; PMTiles 3 takes the same).</summary>
internal static class ArchiveMetadata
{
    public static JsonArray VectorLayers(TileArchiveDescription description) =>
    [
        .. description.Layers.Select(layer => (JsonNode)new JsonObject
        {
            ["id"] = layer.Id,
            ["description"] = layer.Description ?? "",
            ["minzoom"] = layer.MinZoom,
            ["maxzoom"] = layer.MaxZoom,
            ["fields"] = new JsonObject(layer.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)TypeOf(field.Type)))),
        }),
    ];

    /// <summary>For viewers that ask for statistics: geometry only.</summary>
    public static JsonObject TileStats(TileArchiveDescription description) => new()
    {
        ["layerCount"] = description.Layers.Count,
        ["layers"] = new JsonArray([.. description.Layers.Where(layer => layer.GeometryType is not null).Select(layer => (JsonNode)new JsonObject { ["layer"] = layer.Id, ["geometry"] = layer.GeometryType })]),
    };

    public static string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string TypeOf(string type) => type switch
    {
        "integer" or "number" => "Number",
        "boolean" => "Boolean",
        _ => "String",
    };
}
