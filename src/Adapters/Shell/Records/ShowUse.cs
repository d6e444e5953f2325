using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Records;

/// <summary><c>geowps use [--csv] [--from MONTH] [--to MONTH] [--by A,B]</c></summary>
internal static class ShowUse
{
    private static readonly string[] _figures = ["opened", "downloaded", "searched", "shown"];

    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, string? from, string? to, string by, bool csv, bool json, CancellationToken cancellationToken)
    {
        (string Name, string? Value)[] parameters = [("by", by), ("from", from), ("to", to), ("f", csv ? "csv" : "json")];
        var path = "admin/use?" + string.Join('&', parameters.Where(one => !string.IsNullOrEmpty(one.Value)).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
        if (csv)
        {
            using var response = await api.OpenAsync(path, ["text/csv"], cancellationToken);
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var reader = new StreamReader(content);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                terminal.Out.WriteLine(line);
            }

            return 0;
        }

        var uses = new List<JsonObject>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var next = path; next is not null && seen.Add(next);)
        {
            var page = await api.GetJsonAsync(next, cancellationToken);
            uses.AddRange(page.Objects("use"));
            next = page.Link("next");
        }

        if (json)
        {
            terminal.WriteJson(new JsonArray([.. uses.Select(use => use.DeepClone())]));
            return 0;
        }

        string[] columns = [.. ((string[])["month", "record", "caller"]).Where(name => by.Split(',', StringSplitOptions.TrimEntries).Contains(name)), .. _figures];
        terminal.WriteTable([.. columns.Select(name => name.ToUpperInvariant())], [.. uses.Select(use => columns.Select(name => Terminal.Printable(use.Text(name) ?? "")).ToArray())]);
        return 0;
    }
}
