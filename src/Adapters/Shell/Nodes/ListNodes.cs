using System.Globalization;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell.Processes;

namespace GeoWps.Adapters.Shell.Nodes;

/// <summary><c>geowps nodes [--watch]</c>: the nodes that a gateway knows, and what they were asked for.</summary>
internal static class ListNodes
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, bool watch, bool json, CancellationToken cancellationToken)
    {
        while (true)
        {
            var nodes = await api.GetJsonAsync("admin/nodes", cancellationToken);
            var services = await api.GetJsonAsync("admin/services?hours=1", cancellationToken);
            if (json)
            {
                terminal.WriteJson(new JsonObject { ["nodes"] = nodes["nodes"]?.DeepClone(), ["services"] = services["services"]?.DeepClone() });
            }
            else
            {
                if (watch && terminal.Decorated)
                {
                    // From the top, over what was there.
                    await terminal.Out.WriteAsync("\u001b[H\u001b[2J");
                }

                Write(terminal, nodes, services);
            }

            if (!watch)
            {
                return 0;
            }

            await terminal.Out.FlushAsync(cancellationToken);
            await Task.Delay(_pause, cancellationToken);
        }
    }

    private static void Write(Terminal terminal, JsonNode nodes, JsonNode services)
    {
        terminal.WriteTable(["NODE", "ADDRESS", "STATE", "SHARE", "IN FLIGHT", "EJECTED", "PROCESSES", "SERVICES", "VERSION"], [.. nodes.Objects("nodes").Select(Row)]);
        foreach (var node in nodes.Objects("nodes").Where(node => node["refusesSeals"]?.GetValue<bool>() == true))
        {
            terminal.Out.WriteLine($"{node.Text("name")} has another Security:AdminToken than the gateway, or another time: callers count as those from elsewhere there.");
        }

        terminal.Out.WriteLine();
        terminal.WriteTable(
            ["SERVICE", "OPERATION", "NODE", "CALLS", "FAILED", "RETRIED", "IN FLIGHT", "P50 MS", "P95 MS", "P99 MS", "BYTES"],
            [.. services.Objects("services").SelectMany(service => service.Objects("operations").Select(operation => Row(service, operation)))]);
    }

    private static string[] Row(JsonObject node) =>
    [
        node.Text("name") ?? "",
        node.Text("address") ?? "",
        node.Text("state") ?? "",
        (node.Number("share") ?? 0).ToString("P0", CultureInfo.InvariantCulture),
        node.Text("inFlight") ?? "",
        node.Text("ejections") ?? "",
        node.Text("processes") ?? "",
        string.Join(", ", node.Objects("services").Select(service => service.Text("service"))),
        node.Text("version") ?? "",
    ];

    private static string[] Row(JsonObject service, JsonObject operation) =>
    [
        service.Text("service") ?? "",
        operation.Text("operation") ?? "",
        operation.Text("node") ?? "",
        operation.Text("calls") ?? "",
        operation.Text("failures") ?? "",
        operation.Text("retries") ?? "",
        operation.Text("inFlight") ?? "",
        operation.Text("p50Ms") ?? "",
        operation.Text("p95Ms") ?? "",
        operation.Text("p99Ms") ?? "",
        RunProcess.Size(operation.Number("bytes") ?? 0),
    ];
}
