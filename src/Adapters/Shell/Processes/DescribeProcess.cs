using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Processes;

/// <summary><c>geowps describe ID</c></summary>
internal static class DescribeProcess
{
    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, string id, bool json, CancellationToken cancellationToken)
    {
        var process = await api.GetJsonAsync($"processes/{Uri.EscapeDataString(id)}", cancellationToken);
        if (json)
        {
            terminal.WriteJson(process);
            return 0;
        }

        terminal.Out.WriteLine(Terminal.Printable($"{process.Text("id")}: {process.Text("title")}"));
        foreach (var line in (process.Text("description") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            terminal.Out.WriteLine(Terminal.Printable(line));
        }

        terminal.Out.WriteLine();
        terminal.WriteTable(["INPUT", "TITLE", "TYPE", "REQUIRED", "DEFAULT", "CHOICES"], [.. Members(process, "inputs").Select(InputRow)]);
        terminal.Out.WriteLine();
        terminal.WriteTable(["OUTPUT", "TITLE", "TYPE"], [.. Members(process, "outputs").Select(OutputRow)]);
        return 0;
    }

    private static IEnumerable<(string Name, JsonNode Description)> Members(JsonNode process, string name) =>
        (process[name] as JsonObject ?? []).Where(member => member.Value is not null).Select(member => (member.Key, member.Value!));

    private static string[] InputRow((string Name, JsonNode Description) input)
    {
        var schema = ValueSchema.Of(input.Description["schema"]);
        return
        [
            input.Name,
            input.Description.Text("title") ?? "",
            schema.TypeText + Occurrence(input.Description),
            (input.Description.Number("minOccurs") ?? 1) > 0 ? "yes" : "no",
            schema.Default ?? "",
            string.Join(", ", schema.Choices),
        ];
    }

    private static string[] OutputRow((string Name, JsonNode Description) output) =>
        [output.Name, output.Description.Text("title") ?? "", ValueSchema.Of(output.Description["schema"]).TypeText];

    private static string Occurrence(JsonNode input) => input["maxOccurs"] switch
    {
        null => "",
        var most when most.ToString() == "1" => "",
        var most when most.ToString() == "unbounded" => ", several",
        var most => $", up to {most}",
    };
}
