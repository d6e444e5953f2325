using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Records;

/// <summary>What <c>geowps search</c> asks for.</summary>
internal sealed record SearchWish(IReadOnlyList<string> Words, string? Box, string? Time, string? Type, string? Filter, string? SortBy, IReadOnlyList<string> Facets, int Limit);

/// <summary><c>geowps search WORDS</c>: records of a server, or of all nodes behind a gateway.</summary>
internal static class SearchRecords
{
    private const int LargestPage = 200;

    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, SearchWish wish, bool json, CancellationToken cancellationToken)
    {
        if (wish.Limit < 1)
        {
            throw CommandException.Usage("--limit: at least 1");
        }

        var (found, first) = (new List<JsonObject>(), (JsonNode?)null);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var next = Path(wish); next is not null && found.Count < wish.Limit && seen.Add(next);)
        {
            var page = await api.GetJsonAsync(next, cancellationToken);
            first ??= page;
            found.AddRange(page.Objects("features").Take(wish.Limit - found.Count));
            next = page.Link("next");
        }

        if (json)
        {
            var whole = (JsonObject)first!.DeepClone();
            whole["features"] = new JsonArray([.. found.Select(feature => feature.DeepClone())]);
            whole["numberReturned"] = found.Count;
            terminal.WriteJson(whole);
            return 0;
        }

        terminal.WriteTable(["RECORD", "TYPE", "RANK", "TITLE", "HIT"], [.. found.Select(Row)]);
        await TellAsync(terminal, first, found.Count);
        return 0;
    }

    private static string Path(SearchWish wish)
    {
        (string Name, string? Value)[] parameters =
        [
            ("q", string.Join(' ', wish.Words)), ("bbox", wish.Box), ("datetime", wish.Time), ("type", wish.Type), ("filter", wish.Filter), ("sortby", wish.SortBy), ("facets", string.Join(',', wish.Facets)),
            ("limit", Math.Min(wish.Limit, LargestPage).ToString(CultureInfo.InvariantCulture)), ("f", "json"),
        ];
        return "search?" + string.Join('&', parameters.Where(one => !string.IsNullOrEmpty(one.Value)).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
    }

    private static string[] Row(JsonObject feature) =>
    [
        feature.Text("id") ?? "",
        feature["properties"].Text("type") ?? "",
        feature.Number("rank")?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
        Terminal.Printable(feature["properties"].Text("title") ?? ""),
        Terminal.Printable(Plain(feature.Text("hit") ?? "")),
    ];

    private static async Task TellAsync(Terminal terminal, JsonNode? page, int shown)
    {
        await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{shown:N0} of {page.Number("numberMatched") ?? shown:N0}"));
        if (page is JsonObject members && members["facets"] is JsonObject facets)
        {
            foreach (var (name, facet) in facets)
            {
                await terminal.Error.WriteLineAsync($"{name}: {string.Join(", ", facet.Objects("buckets").Select(one => $"{Terminal.Printable(one.Text("value") ?? "")} ({one.Text("count")})"))}");
            }
        }

        if (page is JsonObject { } whole && whole["incomplete"] is JsonArray incomplete)
        {
            await terminal.Error.WriteLineAsync($"did not answer: {string.Join(", ", incomplete.Select(name => name?.ToString()))}");
        }
    }

    private static string Plain(string html) => WebUtility.HtmlDecode(html.Replace("<mark>", "", StringComparison.Ordinal).Replace("</mark>", "", StringComparison.Ordinal));
}
