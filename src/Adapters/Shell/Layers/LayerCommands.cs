using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Layers;

/// <summary><c>geowps layers show | rm | pin ID</c></summary>
internal static class LayerCommands
{
    public static async Task<int> ShowAsync(ApiClient api, Terminal terminal, string id, CancellationToken cancellationToken)
    {
        terminal.WriteJson(await api.GetJsonAsync(PathOf(id), cancellationToken));
        return 0;
    }

    public static async Task<int> RemoveAsync(ApiClient api, Terminal terminal, string id, bool json, CancellationToken cancellationToken)
    {
        await api.SendAsync(HttpMethod.Delete, PathOf(id), cancellationToken);
        return terminal.Tell(json, id, "removed");
    }

    public static async Task<int> PinAsync(ApiClient api, Terminal terminal, string id, bool json, CancellationToken cancellationToken)
    {
        await api.SendForJsonAsync(new HttpRequestMessage(HttpMethod.Post, PathOf(id) + "/pin"), cancellationToken);
        return terminal.Tell(json, id, "pinned");
    }

    private static string PathOf(string id) => $"admin/layers/{Uri.EscapeDataString(id)}";
}
