using System.Globalization;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Files;

/// <summary><c>geowps uploads [ls] | rm ID</c></summary>
internal static class UploadCommands
{
    public static async Task<int> ListAsync(ApiClient api, Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        var all = (await api.GetJsonAsync("uploads", cancellationToken)).Objects("uploads").ToList();
        if (json)
        {
            terminal.WriteJson(new JsonArray([.. all.Select(each => each.DeepClone())]));
        }
        else
        {
            terminal.WriteTable(["UPLOAD", "STATUS", "BYTES", "OF", "EXPIRES", "PATH"], [.. all.Select(Row)]);
        }

        return 0;
    }

    public static async Task<int> RemoveAsync(ApiClient api, Terminal terminal, string id, bool json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"uploads/{Uri.EscapeDataString(id)}");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        using var response = await api.ExchangeAsync(request, cancellationToken);
        return terminal.Tell(json, id, "removed");
    }

    private static string[] Row(JsonObject upload) =>
    [
        upload.Text("id") ?? "",
        upload.Text("status") ?? "",
        (upload.Number("offset") ?? 0).ToString("F0", CultureInfo.InvariantCulture),
        upload.Number("length")?.ToString("F0", CultureInfo.InvariantCulture) ?? "?",
        upload.Text("expires") ?? "",
        upload.Text("path") ?? "(part)",
    ];
}
