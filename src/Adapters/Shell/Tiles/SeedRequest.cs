using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Tiles;

/// <summary>The body of <c>POST /cache/{layer}/seed</c>.</summary>
internal static class SeedRequest
{
    public static async Task<JsonObject> ReadAsync(SeedWish wish, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["operation"] = wish.Operation };
        AddTexts(request, "tileMatrixSet", wish.Sets);
        AddTexts(request, "format", wish.Formats);
        if (wish.Zoom is { } zoom)
        {
            (request["minZoom"], request["maxZoom"]) = Zooms(zoom);
        }

        if (wish.Bbox is { } box)
        {
            request["bbox"] = Box(box);
        }

        if (wish.Polygon is { } polygon)
        {
            request["polygon"] = await PolygonAsync(polygon, cancellationToken);
        }

        if (wish.Tiles is { } tiles)
        {
            request["tiles"] = await File.ReadAllTextAsync(tiles, cancellationToken);
        }

        if (wish.Threads is { } threads)
        {
            request["threads"] = threads;
        }

        if (wish.Rate is { } rate)
        {
            request["rate"] = rate;
        }

        return request;
    }

    private static void AddTexts(JsonObject request, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            request[name] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]);
        }
    }

    internal static (int First, int Last) Zooms(string zoom)
    {
        var parts = zoom.Split('-');
        return parts.Length <= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? (first, last)
            : throw CommandException.Usage($"--zoom: {zoom} is neither one number nor two such as 0-8");
    }

    internal static JsonArray Box(string box)
    {
        var numbers = box.Split(',').Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToArray();
        return numbers.Length == 4 && numbers.All(double.IsFinite)
            ? new JsonArray([.. numbers.Select(number => JsonValue.Create(number))])
            : throw CommandException.Usage($"--bbox: {box} is not four numbers: west,south,east,north");
    }

    internal static async Task<JsonNode?> PolygonAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await File.ReadAllTextAsync(file, cancellationToken)) switch
            {
                // The server's input takes geometries and collections of features.
                JsonObject feature when feature.Text("type") == "Feature" => new JsonObject { ["type"] = "FeatureCollection", ["features"] = new JsonArray(feature) },
                var other => other,
            };
        }
        catch (JsonException failure)
        {
            throw CommandException.Usage($"--polygon: {file} is no JSON: {failure.Message}");
        }
    }
}
