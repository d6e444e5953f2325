using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell.Jobs;
using GeoWps.Adapters.Shell.Tiles;

namespace GeoWps.Adapters.Shell.Harvesting;

/// <summary><c>geowps sources [ls] | add ID KIND | show ID | rm ID | run ID</c></summary>
internal static class SourceCommands
{
    public static async Task<int> ListAsync(ApiClient api, Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        var all = await api.GetJsonAsync("admin/sources", cancellationToken);
        if (json)
        {
            terminal.WriteJson(new JsonArray([.. all.Objects("sources").Select(each => each.DeepClone())]));
        }
        else if (!all.Objects("sources").Any())
        {
            terminal.Out.WriteLine("no sources; geowps sources add --help says how there is one");
        }
        else
        {
            terminal.WriteTable(["SOURCE", "KIND", "WHEN", "LAST", "OUTCOME", "ADDED", "CHANGED", "REMOVED", "SAME", "ERROR"], [.. all.Objects("sources").Select(Row)]);
        }

        return 0;
    }

    public static async Task<int> ShowAsync(ApiClient api, Terminal terminal, string id, bool json, CancellationToken cancellationToken)
    {
        var source = await api.GetJsonAsync(PathOf(id), cancellationToken);
        if (json)
        {
            terminal.WriteJson(source);
            return 0;
        }

        string[][] rows =
        [
            ["kind", source.Text("kind") ?? ""],
            ["when", source.Text("when") ?? "only by run"],
            ["next", Time(source.Text("next"))],
            ["max removed", source["maxRemoved"]?.ToJsonString() ?? ""],
            ["last", source["last"] is null ? "never" : $"{Time(source["last"].Text("time"))} {source["last"].Text("outcome")}, job {source["last"].Text("jobID")}"],
            ["error", source["last"].Text("error") ?? ""],
            ["last success", source["last"].Text("succeeded") is { } time ? $"{Time(time)}: {Counts(source["last"])}" : ""],
            .. (source["settings"] as JsonObject ?? []).Select(setting => (string[])[$"settings.{setting.Key}", setting.Value is JsonValue value && value.TryGetValue<string>(out var text) ? text : setting.Value?.ToJsonString() ?? "null"]),
        ];
        terminal.WriteTable(["SOURCE", id], [.. rows.Where(row => row[1].Length > 0)]);
        return 0;
    }

    /// <param name="settings">A file with the settings as a JSON object.</param>
    /// <param name="set">Settings beside them, <c>NAME=VALUE</c>: a value that is JSON is that, any other a text.</param>
    public static async Task<int> AddAsync(
        ApiClient api, Terminal terminal, string id, string kind, string? when, string? settings, IReadOnlyList<string> set, double? maxRemoved, bool replace, bool json, CancellationToken cancellationToken)
    {
        var form = new JsonObject { ["kind"] = kind, ["settings"] = Settings(settings is null ? "{}" : await ReadAsync(settings, cancellationToken), set) };
        if (when is not null)
        {
            form["when"] = when;
        }

        if (maxRemoved is { } share)
        {
            form["maxRemoved"] = share;
        }

        if (!replace)
        {
            form["id"] = id;
        }

        var request = new HttpRequestMessage(replace ? HttpMethod.Put : HttpMethod.Post, replace ? PathOf(id) : "admin/sources")
        {
            Content = new StringContent(form.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        var source = await api.SendForJsonAsync(request, cancellationToken);
        if (json)
        {
            terminal.WriteJson(source);
        }
        else
        {
            terminal.Out.WriteLine(source.Text("next") is { } next ? $"{id}: next at {Time(next)}" : $"{id}: read only when you say so: geowps sources run {id}");
        }

        return 0;
    }

    public static async Task<int> RemoveAsync(ApiClient api, Terminal terminal, string id, bool json, CancellationToken cancellationToken)
    {
        await api.SendAsync(HttpMethod.Delete, PathOf(id), cancellationToken);
        return terminal.Tell(json, id, "removed");
    }

    public static Task<int> RunAsync(ApiClient api, Terminal terminal, string id, double? maxRemoved, bool wait, bool json, CancellationToken cancellationToken) => StartJob.ExecuteAsync(
        api,
        terminal,
        new HttpRequestMessage(HttpMethod.Post, PathOf(id) + "/run" + (maxRemoved is { } share ? string.Create(CultureInfo.InvariantCulture, $"?maxRemoved={share}") : "")),
        id,
        wait,
        json,
        cancellationToken,
        async job => (await api.GetJsonAsync(PathOf(id), cancellationToken))["last"] is { } last && last.Text("jobID") == job.Id ? Counts(last) : job.Status);

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file} can't be read: {failure.Message}");
        }
    }

    private static JsonObject Settings(string file, IReadOnlyList<string> set)
    {
        var settings = Parse(file) as JsonObject ?? throw new CommandException("the settings must be a JSON object");
        foreach (var one in set)
        {
            var parts = one.Split('=', 2);
            if (parts.Length != 2 || parts[0].Length == 0)
            {
                throw new CommandException($"'{one}' is not allowed; it must be NAME=VALUE");
            }

            settings[parts[0]] = parts[1] is ['{', ..] or ['[', ..] or "true" or "false" ? Parse(parts[1]) : JsonValue.Create(parts[1]);
        }

        return settings;
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException fault)
        {
            throw new CommandException($"the settings are not JSON, in line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}");
        }
    }

    private static string[] Row(JsonObject source) =>
    [
        source.Text("id") ?? "",
        source.Text("kind") ?? "",
        source.Text("when") ?? "",
        Time(source["last"].Text("time")),
        source["last"].Text("outcome") ?? "",
        Number(source, "added"),
        Number(source, "changed"),
        Number(source, "removed"),
        Number(source, "same"),
        Terminal.Printable(source["last"].Text("error") ?? ""),
    ];

    /// <summary>To the second.</summary>
    private static string Time(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : time ?? "";

    private static string Counts(JsonNode? counts) => string.Join(", ", new[] { "added", "changed", "removed", "same" }.Select(name => $"{counts?[name]?.ToJsonString() ?? "?"} {name}"));

    private static string Number(JsonObject source, string name) => source["last"]?[name]?.ToJsonString() ?? "";

    private static string PathOf(string id) => $"admin/sources/{Uri.EscapeDataString(id)}";
}
