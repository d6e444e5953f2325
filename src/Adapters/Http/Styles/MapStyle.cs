using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Domain.Layers;

namespace GeoWps.Adapters.Http.Styles;

/// <summary>MapLibre styles (style specification, version 8) whose tiles are this server's.</summary>
internal static class MapStyle
{
    /// <summary>The source that a style of a layer's owner names for the layer's own tiles.</summary>
    public const string Source = "geowps";

    // Colours that tell layers on one map apart.
    private static readonly string[] _colours = ["#1f78b4", "#e6550d", "#31a354", "#756bb1", "#c51b8a", "#8c6d31", "#0e8a8a", "#d62728"];

    /// <summary>The layer's own style, its sources led to its tiles; one that fits the geometry where it has none.</summary>
    /// <param name="view">The layer in Web Mercator.</param>
    public static JsonObject Of(TilesetView view)
    {
        var layer = view.Layers[0];
        return layer.Style is { Kind: StyleKind.MapLibre, Text: var text } && Read(text) is { } own ? Lead(own, view) : Make(view);
    }

    /// <summary>Of a server that has no layers yet.</summary>
    public static JsonObject Empty() => new() { ["version"] = 8, ["sources"] = new JsonObject(), ["layers"] = new JsonArray() };

    /// <summary>One for all layers of a tileset.</summary>
    public static JsonObject Make(TilesetView view)
    {
        var layers = new JsonArray();
        if (view.Map)
        {
            layers.Add(new JsonObject { ["id"] = view.Layers[0].Id, ["type"] = "raster", ["source"] = Source });
        }

        // Areas below lines below points.
        foreach (var kind in view.Map ? [] : new[] { "Polygon", "LineString", "Point" })
        {
            foreach (var layer in view.Layers.Where(layer => layer.Contents.GeometryType is null || layer.Contents.GeometryType == kind))
            {
                Draw(layers, layer, kind);
            }
        }

        var style = new JsonObject { ["version"] = 8, ["name"] = view.Title };
        if (view is { Extent: { IsEmpty: false } extent, Limits.Count: > 0 })
        {
            style["center"] = new JsonArray((extent.MinX + extent.MaxX) / 2, (extent.MinY + extent.MaxY) / 2);
            style["zoom"] = TilesetDocument.Overview(view);
        }

        style["sources"] = new JsonObject { [Source] = SourceOf(view) };
        style["layers"] = layers;
        return style;
    }

    private static void Draw(JsonArray layers, Layer layer, string kind)
    {
        var colour = _colours[layer.Id.Sum(letter => letter) % _colours.Length];
        switch (kind)
        {
            case "Polygon":
                Add("fill", ("fill-color", colour), ("fill-opacity", 0.4));
                Add("line", ("line-color", colour), ("line-width", 1));
                break;
            case "LineString":
                Add("line", ("line-color", colour), ("line-width", 1.5));
                break;
            default:
                Add("circle", ("circle-color", colour), ("circle-radius", 4), ("circle-stroke-color", "#ffffff"), ("circle-stroke-width", 1));
                break;
        }

        void Add(string type, params ReadOnlySpan<(string Name, JsonNode Value)> paint)
        {
            var drawn = new JsonObject
            {
                ["id"] = $"{layer.Id}-{kind.ToLowerInvariant()}-{type}",
                ["type"] = type,
                ["source"] = Source,
                ["source-layer"] = layer.Tiles.Name ?? layer.Id,
            };
            if (layer.Contents.GeometryType is null)
            {
                drawn["filter"] = new JsonArray("==", "$type", kind);
            }

            var how = new JsonObject();
            foreach (var (name, value) in paint)
            {
                how[name] = value;
            }

            drawn["paint"] = how;
            layers.Add(drawn);
        }
    }

    /// <summary>Sources that are called <see cref="Source"/>, that say nothing of where their tiles are, or that are not declared, are the layer's own.</summary>
    private static JsonObject Lead(JsonObject style, TilesetView view)
    {
        var sources = style["sources"] as JsonObject ?? [];
        style["sources"] = sources;
        foreach (var (name, value) in sources.ToArray())
        {
            if (value is JsonObject source && (name == Source || (source["url"] is null && source["tiles"] is null && source["data"] is null)))
            {
                source.Remove("tiles");
                foreach (var (key, ours) in SourceOf(view).ToArray())
                {
                    source[key] = ours!.DeepClone();
                }
            }
        }

        // A style that declares none has layers that name one all the same.
        foreach (var name in (style["layers"] as JsonArray ?? []).Select(SourceNameOf).OfType<string>().Where(name => !sources.ContainsKey(name)).ToArray())
        {
            sources[name] = SourceOf(view);
        }

        return style;
    }

    private static string? SourceNameOf(JsonNode? layer) =>
        layer is JsonObject one && one["source"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    private static JsonObject SourceOf(TilesetView view)
    {
        var source = new JsonObject { ["type"] = view.Map ? "raster" : "vector", ["url"] = view.TileJson };
        if (view.Map)
        {
            source["tileSize"] = view.Set.Matrices[0].TileWidth;
        }

        return source;
    }

    private static JsonObject? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>As the answer of an endpoint.</summary>
    public static JsonAnswer Answer(JsonObject style, StyleForm form) => new(json => style.WriteTo(json)) { ContentType = form.MediaType };
}
