using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>A tileset as map libraries read it: TileJSON 3.0.0.</summary>
internal static class TileJsonDocument
{
    /// <summary>The standard knows no finer.</summary>
    private const int MaxZoom = 30;

    public static void Write(Utf8JsonWriter json, TilesetView view)
    {
        json.WriteStartObject();
        json.WriteString("tilejson", "3.0.0");
        json.WriteString("name", view.Title);
        json.WriteIfAny("description", view.Layers[0].Description);
        json.WriteIfAny("attribution", string.Join(" · ", view.Layers.Select(layer => layer.Attribution).Where(text => !string.IsNullOrEmpty(text)).Distinct()));
        json.WriteString("scheme", "xyz");
        json.WriteStartArray("tiles");
        json.WriteStringValue(view.Template(view.Formats[0], forLibraries: true));
        json.WriteEndArray();
        var (min, max) = view.Limits.Count == 0 ? (0, 0) : (view.Limits[0].Level, Math.Min(view.Limits[^1].Level, MaxZoom));
        json.WriteNumber("minzoom", min);
        json.WriteNumber("maxzoom", max);
        if (view.Extent is { IsEmpty: false } extent)
        {
            WriteNumbers(json, "bounds", extent.MinX, extent.MinY, extent.MaxX, extent.MaxY);
            WriteNumbers(json, "center", (extent.MinX + extent.MaxX) / 2, (extent.MinY + extent.MaxY) / 2, view.Limits.Count == 0 ? 0 : Math.Clamp(TilesetDocument.Overview(view), min, max));
        }

        // Required of pictures as well, which have none.
        json.WriteStartArray("vector_layers");
        foreach (var layer in view.Map ? [] : view.Layers)
        {
            WriteLayer(json, layer, min, max);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLayer(Utf8JsonWriter json, Layer layer, int min, int max)
    {
        json.WriteStartObject();
        json.WriteString("id", layer.Tiles.Name ?? layer.Id);
        json.WriteString("description", layer.Title);
        json.WriteNumber("minzoom", Math.Max(min, layer.Tiles.MinLevel));
        json.WriteNumber("maxzoom", Math.Min(max, layer.Tiles.MaxLevel));
        json.WriteStartObject("fields");
        foreach (var field in TilesetDocument.FieldsOf(layer))
        {
            json.WriteString(field.Name, field.Type switch
            {
                "integer" or "number" => "Number",
                "boolean" => "Boolean",
                _ => "String",
            });
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
