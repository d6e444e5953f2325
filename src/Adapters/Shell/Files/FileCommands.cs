using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell.Processes;

namespace GeoWps.Adapters.Shell.Files;

/// <summary><c>geowps files ls|rm|mv|cp|share|info</c>: files of the server.</summary>
internal static class FileCommands
{
    private const int PageSize = 1000;

    /// <summary>The address of a path below the server's.</summary>
    public static string AddressOf(string path) => $"files/{string.Join('/', path.Trim('/').Split('/').Select(Uri.EscapeDataString))}";

    public static async Task<int> ListAsync(ApiClient api, Terminal terminal, string path, bool recursive, string? sort, bool json, CancellationToken cancellationToken)
    {
        var entries = new List<JsonObject>();
        var query = $"?f=json&limit={PageSize}{(recursive ? "&recursive=true" : "")}{(sort is null ? "" : $"&sort={Uri.EscapeDataString(sort)}")}";
        for (var next = AddressOf(path) + query; next is not null;)
        {
            var page = await api.GetJsonAsync(next, cancellationToken);
            entries.AddRange(page.Objects("entries"));
            next = page.Link("next");
        }

        if (json)
        {
            terminal.WriteJson(new JsonArray([.. entries.Select(entry => entry.DeepClone())]));
            return 0;
        }

        terminal.WriteTable(["SIZE", "MODIFIED", "TYPE", "PUBLIC", recursive ? "PATH" : "NAME"], [.. entries.Select(entry => (IReadOnlyList<string>)
        [
            entry.Text("kind") == "folder" ? "" : RunProcess.Size(entry.Number("length") ?? 0),
            Time(entry.Text("modified")),
            entry.Text("type") ?? "folder",
            entry.Text("public") == "true" ? "yes" : "",
            Terminal.Printable((recursive ? entry.Text("path") : entry.Text("name")) + (entry.Text("kind") == "folder" ? "/" : "")),
        ])]);
        return 0;
    }

    public static async Task<int> RemoveAsync(ApiClient api, Terminal terminal, string path, bool recursive, bool json, CancellationToken cancellationToken)
    {
        await api.SendAsync(HttpMethod.Delete, AddressOf(path) + (recursive ? "?recursive=true" : ""), cancellationToken);
        if (json)
        {
            terminal.WriteJson(new JsonObject { ["removed"] = path });
        }

        return 0;
    }

    public static async Task<int> RelocateAsync(
        ApiClient api, Terminal terminal, string from, string to, bool isCopy, bool overwrite, bool json, CancellationToken cancellationToken)
    {
        var query = $"?{(isCopy ? "copyTo" : "moveTo")}={Uri.EscapeDataString(to)}{(overwrite ? "&overwrite=true" : "")}";
        return Show(terminal, await api.SendForJsonAsync(new HttpRequestMessage(HttpMethod.Post, AddressOf(from) + query), cancellationToken), json);
    }

    /// <param name="result"><c>JOB:OUTPUT</c>.</param>
    public static async Task<int> SaveAsync(ApiClient api, Terminal terminal, string result, string path, bool overwrite, bool json, CancellationToken cancellationToken)
    {
        var (job, output) = result.Split(':', 2) is [{ Length: > 0 } id, { Length: > 0 } name] ? (id, name) : throw new CommandException($"'{result}' is no result: JOB:OUTPUT is expected.");
        var source = $"/jobs/{Uri.EscapeDataString(job)}/results/{Uri.EscapeDataString(output)}";
        var query = $"{(path.EndsWith('/') ? "/" : "")}?copyFrom={Uri.EscapeDataString(source)}{(overwrite ? "&overwrite=true" : "")}";
        return Show(terminal, await api.SendForJsonAsync(new HttpRequestMessage(HttpMethod.Post, AddressOf(path) + query), cancellationToken), json);
    }

    public static async Task<int> ShareAsync(ApiClient api, Terminal terminal, string path, bool isPublic, bool json, CancellationToken cancellationToken)
    {
        var content = new StringContent(new JsonObject { ["public"] = isPublic }.ToJsonString(), Encoding.UTF8, "application/json");
        return Show(terminal, await api.SendForJsonAsync(new HttpRequestMessage(HttpMethod.Patch, AddressOf(path)) { Content = content }, cancellationToken), json);
    }

    public static async Task<int> InfoAsync(ApiClient api, Terminal terminal, string path, bool json, CancellationToken cancellationToken)
    {
        var file = await api.GetJsonAsync(AddressOf(path) + "?f=info", cancellationToken);
        if (json)
        {
            terminal.WriteJson(file);
            return 0;
        }

        var contents = file["contents"];
        terminal.Out.WriteLine(Terminal.Printable($"{file.Text("path")}: {contents.Text("format") ?? file.Text("type")}, {RunProcess.Size(file.Number("length") ?? 0)}"));
        foreach (var layer in contents.Objects("layers"))
        {
            terminal.Out.WriteLine(Terminal.Printable($"layer {layer.Text("name")}: {layer.Text("featureCount")} features, {layer.Text("geometryType") ?? "no geometry"}, {layer.Text("crs") ?? "no CRS"}"));
            terminal.WriteTable(["FIELD", "TYPE"], [.. layer.Objects("fields").Select(field => (IReadOnlyList<string>)[Terminal.Printable(field.Text("name") ?? ""), field.Text("type") ?? ""])]);
        }

        if (contents?["raster"] is JsonObject raster)
        {
            terminal.Out.WriteLine(Terminal.Printable($"raster: {raster.Text("width")} x {raster.Text("height")} pixels, {raster.Text("crs") ?? "no CRS"}, bands {string.Join(", ", raster.Objects("bands").Select(band => $"{band.Text("name")} ({band.Text("type")})"))}"));
        }

        if (contents?["extent"] is JsonArray extent)
        {
            terminal.Out.WriteLine($"extent: {string.Join(", ", extent.Select(number => number!.ToString()))}");
        }

        return 0;
    }

    private static int Show(Terminal terminal, JsonNode entry, bool json)
    {
        if (json)
        {
            terminal.WriteJson(entry);
        }
        else
        {
            terminal.Out.WriteLine(entry.Text("href"));
        }

        return 0;
    }

    private static string Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "";
}
