using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Records;

/// <summary><c>geowps schemes [ls] | add FILE [--id ID] | rm ID</c></summary>
internal static class SchemeCommands
{
    public static async Task<int> ListAsync(ApiClient api, Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        var all = await api.GetJsonAsync("schemes?f=json", cancellationToken);
        if (json)
        {
            terminal.WriteJson(new JsonArray([.. all.Objects("schemes").Select(each => each.DeepClone())]));
        }
        else
        {
            terminal.WriteTable(
                ["SCHEME", "CONCEPTS", "TITLE"],
                [.. all.Objects("schemes").Select(each => (string[])[each.Text("id") ?? "", each.Text("numberOfConcepts") ?? "", Terminal.Printable(Title(each))])]);
        }

        return 0;
    }

    /// <param name="id"><see langword="null"/>: the file's name without its ending.</param>
    public static async Task<int> AddAsync(ApiClient api, Terminal terminal, string file, string? id, bool json, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            throw CommandException.Usage($"{file}: there is no such file");
        }

        id ??= Path.GetFileNameWithoutExtension(file);
        await using var content = File.OpenRead(file);
        var request = new HttpRequestMessage(HttpMethod.Put, $"admin/schemes/{Uri.EscapeDataString(id)}") { Content = new StreamContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? "text/csv" : "application/json");
        var scheme = await api.SendForJsonAsync(request, cancellationToken);
        if (json)
        {
            terminal.WriteJson(scheme);
        }
        else
        {
            terminal.Out.WriteLine($"{id}: {scheme.Objects("concepts").Count()} concepts");
        }

        return 0;
    }

    public static async Task<int> RemoveAsync(ApiClient api, Terminal terminal, string id, bool json, CancellationToken cancellationToken)
    {
        await api.SendAsync(HttpMethod.Delete, $"admin/schemes/{Uri.EscapeDataString(id)}", cancellationToken);
        return terminal.Tell(json, id, "removed");
    }

    private static string Title(JsonObject scheme) => scheme["prefLabel"] is JsonObject labels ? string.Join(" / ", labels.Select(label => label.Value?.ToString())) : "";
}
