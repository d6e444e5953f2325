using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Processes;

/// <summary><c>geowps processes [words]</c></summary>
internal static class ListProcesses
{
    public static async Task<int> ExecuteAsync(
        ApiClient api, Terminal terminal, IReadOnlyList<string> words, int? limit, bool json, CancellationToken cancellationToken)
    {
        var found = new List<JsonObject>();
        await foreach (var process in Pages.ReadAsync(api, "processes", "processes", cancellationToken))
        {
            if (found.Count >= limit)
            {
                break;
            }

            if (words.All(word => Holds(process, word)))
            {
                found.Add(process);
            }
        }

        if (json)
        {
            terminal.WriteJson(new JsonArray([.. found.Select(process => process.DeepClone())]));
        }
        else
        {
            terminal.WriteTable(["ID", "TITLE"], [.. found.Select(process => (string[])[process.Text("id") ?? "", process.Text("title") ?? ""])]);
        }

        return 0;
    }

    private static bool Holds(JsonObject process, string word) =>
        new[] { process.Text("id"), process.Text("title"), process.Text("description") }
            .Concat((process["keywords"] as JsonArray ?? []).Select(keyword => keyword?.ToString()))
            .Any(text => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);
}
