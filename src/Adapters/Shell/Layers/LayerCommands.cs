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
        return Tell(terminal, json, id, "removed");
    }

    public static async Task<int> PinAsync(ApiClient api, Terminal terminal, string id, bool json, CancellationToken cancellationToken)
    {
        await api.SendForJsonAsync(new HttpRequestMessage(HttpMethod.Post, PathOf(id) + "/pin"), cancellationToken);
        return Tell(terminal, json, id, "pinned");
    }

    private static int Tell(Terminal terminal, bool json, string id, string status)
    {
        if (json)
        {
            terminal.WriteJson(new JsonObject { ["id"] = id, ["status"] = status });
        }
        else
        {
            terminal.Out.WriteLine($"{id} {status}");
        }

        return 0;
    }

    private static string PathOf(string id) => $"admin/layers/{Uri.EscapeDataString(id)}";
}
