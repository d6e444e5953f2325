using System.Globalization;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Layers;

/// <summary><c>geowps layers</c></summary>
internal static class ListLayers
{
    private const int LargestPage = 1000;

    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, int limit, bool json, CancellationToken cancellationToken)
    {
        if (limit < 1)
        {
            throw CommandException.Usage("--limit: at least 1");
        }

        var layers = new List<JsonObject>();
        await foreach (var layer in Pages.ReadAsync(api, $"admin/layers?limit={Math.Min(limit, LargestPage)}", "layers", cancellationToken))
        {
            layers.Add(layer);
            if (layers.Count == limit)
            {
                break;
            }
        }

        if (json)
        {
            terminal.WriteJson(new JsonArray([.. layers.Select(layer => layer.DeepClone())]));
        }
        else
        {
            terminal.WriteTable(["LAYER", "KIND", "SOURCE", "FEATURES", "BYTES", "EXPIRES", "TITLE"], [.. layers.Select(Row)]);
        }

        return 0;
    }

    private static string[] Row(JsonObject layer) =>
    [
        layer.Text("id") ?? "",
        layer.Text("kind") ?? "",
        layer["source"].Text("type") ?? "",
        layer.Text("featureCount") ?? "",
        layer.Number("bytes") is > 0 and var bytes ? bytes.ToString("0", CultureInfo.InvariantCulture) : "",
        layer.Text("expires") ?? "",
        layer.Text("title") ?? "",
    ];
}
