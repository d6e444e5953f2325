using System.Globalization;
using GeoWps.Adapters.Shell.Processes;

namespace GeoWps.Adapters.Shell.Tiles;

/// <summary><c>geowps cache [LAYER]</c>: what tiles take.</summary>
internal static class ShowCache
{
    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, string? layer, bool json, CancellationToken cancellationToken)
    {
        var use = await api.GetJsonAsync(layer is null ? "cache" : $"cache/{Uri.EscapeDataString(layer)}", cancellationToken);
        if (json)
        {
            terminal.WriteJson(use);
            return 0;
        }

        terminal.WriteTable(
            ["LAYER", "SET", "FORMAT", "TILES", "SIZE"],
            [.. use.Objects("tilesets").Select(one => (string[])[one.Text("layer") ?? "", one.Text("tileMatrixSet") ?? "", one.Text("format") ?? "", Count(one.Number("tiles")), RunProcess.Size(one.Number("bytes") ?? 0)])]);
        return 0;
    }

    private static string Count(double? number) => (number ?? 0).ToString("N0", CultureInfo.InvariantCulture);
}
