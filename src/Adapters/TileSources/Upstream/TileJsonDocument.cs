using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>TileJSON 2 and 3: always the grid of WebMercatorQuad.</summary>
internal static class TileJsonDocument
{
    private const int MaxZoom = 30;

    /// <returns><see langword="null"/> when it is another JSON.</returns>
    public static UpstreamLayer? Read(JsonElement root, Uri address, UpstreamOffer offer, IReadOnlyList<TileMatrixSet> sets)
    {
        if (!root.TryGetProperty("tilejson", out _) || !root.TryGetProperty("tiles", out var tiles) || tiles.ValueKind != JsonValueKind.Array || tiles.GetArrayLength() == 0)
        {
            return null;
        }

        var name = Text(root, "name") ?? "tiles";
        var template = Absolute(address, tiles[0].GetString() ?? "");
        var format = (Text(root, "format") is { } text ? TileFormat.Find(text) : null)
            ?? (root.TryGetProperty("vector_layers", out _) ? TileFormat.Mvt : TileFormat.Find(Path.GetExtension(template.Split('?')[0]).TrimStart('.')));
        var set = sets.First(set => set.Id == "WebMercatorQuad");
        if (format is null)
        {
            throw new UpstreamRefusal("format", "the document does not say in which format its tiles are");
        }

        if (UpstreamTemplate.Refuse(template) is { } wrong)
        {
            throw new UpstreamRefusal("capabilities", $"the document's template: {wrong}");
        }

        UpstreamGrid.Check(offer, name, set, format);

        var fields = !root.TryGetProperty("vector_layers", out var layers) || layers.ValueKind != JsonValueKind.Array ? []
            : layers.EnumerateArray().Where(layer => layer.TryGetProperty("fields", out var named) && named.ValueKind == JsonValueKind.Object)
                .SelectMany(layer => layer.GetProperty("fields").EnumerateObject()).DistinctBy(field => field.Name).Select(field => new LayerField(field.Name, TypeOf(field.Value))).ToArray();
        return new UpstreamLayer(
            name,
            name,
            new LayerSource.Upstream(Text(root, "scheme") == "tms" ? UpstreamKind.Tms : UpstreamKind.Xyz, template, set.Id),
            new LayerContents { Kind = format.IsVector ? LayerKind.Vector : LayerKind.Map, Crs = set.Crs, Extent = Bounds(root), Fields = fields },
            format,
            Zoom(root, "minzoom", 0),
            Math.Min(Zoom(root, "maxzoom", MaxZoom), set.Matrices.Count - 1))
        {
            Description = Text(root, "description"),
            Attribution = Text(root, "attribution"),
        };
    }

    /// <summary>As JSON Schema knows what the documents of MBTiles and TileJSON write freely.</summary>
    public static string TypeOf(JsonElement type) => type.ValueKind == JsonValueKind.String ? type.GetString()!.ToLowerInvariant() switch
    {
        "number" or "float" or "double" => "number",
        "integer" or "int" => "integer",
        "boolean" or "bool" => "boolean",
        _ => "string",
    }
    : "string";

    // The places of a template are no part of an address: resolved, their brackets would be escaped.
    private static string Absolute(Uri address, string template) =>
        Uri.TryCreate(template, UriKind.Absolute, out var whole) && whole.Scheme != Uri.UriSchemeFile ? template
        : new Uri(address, template).AbsoluteUri.Replace("%7B", "{", StringComparison.OrdinalIgnoreCase).Replace("%7D", "}", StringComparison.OrdinalIgnoreCase);

    private static Extent Bounds(JsonElement root) =>
        root.TryGetProperty("bounds", out var bounds) && bounds.ValueKind == JsonValueKind.Array && bounds.GetArrayLength() == 4
            ? new Extent(bounds[0].GetDouble(), bounds[1].GetDouble(), bounds[2].GetDouble(), bounds[3].GetDouble()).Meet(Extent.World)
            : Extent.World;

    private static int Zoom(JsonElement root, string name, int fallback) =>
        root.TryGetProperty(name, out var zoom) && zoom.ValueKind == JsonValueKind.Number ? Math.Clamp((int)zoom.GetDouble(), 0, MaxZoom) : fallback;

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
