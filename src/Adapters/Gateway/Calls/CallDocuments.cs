using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Gateway.Answers;
using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Domain.Nodes;

namespace GeoWps.Adapters.Gateway.Calls;

/// <summary>Figures of calls and nodes, as JSON and as Prometheus reads them.</summary>
internal sealed class CallDocuments(CallBook book, NodeDirectory directory)
{
    /// <summary><c>/admin/services</c>: since the gateway's start, and of the hours kept.</summary>
    /// <param name="hours">Of all gateways that keep their figures in the same place.</param>
    public byte[] Services(IReadOnlyList<CallHour> hours, DateTimeOffset from, DateTimeOffset to) => JsonText.Of(json =>
    {
        var now = book.All;
        json.WriteStartObject();
        json.WriteStartArray("services");
        foreach (var service in directory.Services.Values.OrderBy(service => service.Service, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("service", service.Service);
            json.WriteString("policy", service.Balancer.Policy.ToString());
            json.WriteNumber("nodes", service.Nodes.Length);
            json.WriteNumber("nodesIn", service.Nodes.Count(node => node.IsIn));
            json.WriteStartArray("operations");
            foreach (var (key, figures) in now.Where(pair => pair.Key.Service == service.Service))
            {
                WriteOperation(json, key, figures);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("kept");
        json.WriteString("from", from.UtcDateTime);
        json.WriteString("to", to.UtcDateTime);
        WriteKept(json, hours);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary><c>/admin/nodes</c>.</summary>
    public byte[] Nodes() => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("nodes");
        foreach (var node in directory.Nodes)
        {
            json.WriteStartObject();
            json.WriteString("id", node.Entry.Id);
            json.WriteString("name", node.Name);
            json.WriteString("address", node.Prefix);
            json.WriteString("version", node.Offer?.Version ?? node.Entry.Version);
            json.WriteString("state", node.State.ToString().ToLowerInvariant());
            json.WriteNumber("share", Math.Round(node.Share(), 2));
            json.WriteNumber("inFlight", node.InFlight);
            json.WriteNumber("ejections", node.Ejections);
            if (node.RefusesSeals)
            {
                json.WriteBoolean("refusesSeals", true);
            }

            json.WriteStartArray("services");
            foreach (var service in node.Offer?.Services ?? [])
            {
                json.WriteStartObject();
                json.WriteString("service", service.Service);
                json.WriteNumber("routes", service.Routes.Count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("processes", node.Offer?.Processes.Count ?? 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary><c>/metrics</c>: Prometheus text format 0.0.4.</summary>
    public byte[] Metrics()
    {
        var text = new StringBuilder();
        var all = book.All;
        Family(text, "geowps_gateway_calls_total", "counter", "Calls that have ended.", all, figures => figures.Calls);
        Family(text, "geowps_gateway_failures_total", "counter", "Calls without an answer, or with one of 500 and more.", all, figures => figures.Failures);
        Family(text, "geowps_gateway_retries_total", "counter", "Calls that came here because another node had failed.", all, figures => figures.Retries);
        Family(text, "geowps_gateway_answer_bytes_total", "counter", "Bytes of answers.", all, figures => figures.Bytes);
        Family(text, "geowps_gateway_in_flight", "gauge", "Calls on their way.", all, figures => figures.InFlight);
        Head(text, "geowps_gateway_duration_seconds", "summary", "Durations of calls, within 9 %.");
        foreach (var (key, figures) in all)
        {
            foreach (var quantile in (double[])[0.5, 0.95, 0.99])
            {
                Line(text, "geowps_gateway_duration_seconds", [.. Labels(key), ("quantile", Number(quantile))], Number(figures.Durations.QuantileMs(quantile) / 1000));
            }

            Line(text, "geowps_gateway_duration_seconds_count", Labels(key), Number(figures.Calls));
        }

        Head(text, "geowps_gateway_node_share", "gauge", "0: gets no requests, 1: its full share.");
        foreach (var node in directory.Nodes)
        {
            Line(text, "geowps_gateway_node_share", [("node", node.Name), ("id", node.Entry.Id)], Number(Math.Round(node.Share(), 3)));
        }

        Head(text, "geowps_gateway_node_ejections_total", "counter", "How often a node was put out.");
        foreach (var node in directory.Nodes)
        {
            Line(text, "geowps_gateway_node_ejections_total", [("node", node.Name), ("id", node.Entry.Id)], Number(node.Ejections));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void WriteOperation(Utf8JsonWriter json, CallKey key, CallFigures figures)
    {
        json.WriteStartObject();
        json.WriteString("operation", key.Operation);
        json.WriteString("node", key.Node);
        json.WriteNumber("calls", figures.Calls);
        json.WriteNumber("failures", figures.Failures);
        json.WriteNumber("retries", figures.Retries);
        json.WriteNumber("bytes", figures.Bytes);
        json.WriteNumber("inFlight", figures.InFlight);
        WriteDurations(json, figures.Durations);
        json.WriteEndObject();
    }

    private static void WriteKept(Utf8JsonWriter json, IReadOnlyList<CallHour> hours)
    {
        json.WriteStartArray("services");
        foreach (var service in hours.GroupBy(hour => hour.Service, StringComparer.Ordinal).OrderBy(service => service.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("service", service.Key);
            WriteSums(json, [.. service]);
            json.WriteStartArray("operations");
            foreach (var operation in service.GroupBy(hour => hour.Operation, StringComparer.Ordinal).OrderBy(operation => operation.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("operation", operation.Key);
                WriteSums(json, [.. operation]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("hours");
            foreach (var hour in service.GroupBy(one => one.Hour).OrderBy(hour => hour.Key))
            {
                json.WriteStartObject();
                json.WriteString("hour", hour.Key.UtcDateTime);
                WriteSums(json, [.. hour]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSums(Utf8JsonWriter json, IReadOnlyList<CallHour> hours)
    {
        var durations = new DurationHistogram();
        foreach (var (step, count) in hours.SelectMany(hour => hour.Durations))
        {
            durations.Add(step, count);
        }

        json.WriteNumber("calls", hours.Sum(hour => hour.Calls));
        json.WriteNumber("failures", hours.Sum(hour => hour.Failures));
        json.WriteNumber("retries", hours.Sum(hour => hour.Retries));
        json.WriteNumber("bytes", hours.Sum(hour => hour.Bytes));
        WriteDurations(json, durations);
    }

    private static void WriteDurations(Utf8JsonWriter json, DurationHistogram durations)
    {
        json.WriteNumber("p50Ms", Math.Round(durations.QuantileMs(0.5), 2));
        json.WriteNumber("p95Ms", Math.Round(durations.QuantileMs(0.95), 2));
        json.WriteNumber("p99Ms", Math.Round(durations.QuantileMs(0.99), 2));
    }

    private static void Family(StringBuilder text, string name, string kind, string help, IReadOnlyList<KeyValuePair<CallKey, CallFigures>> all, Func<CallFigures, long> value)
    {
        Head(text, name, kind, help);
        foreach (var (key, figures) in all)
        {
            Line(text, name, Labels(key), Number(value(figures)));
        }
    }

    private static (string Name, string Value)[] Labels(CallKey key) => [("service", key.Service), ("operation", key.Operation), ("node", key.Node)];

    private static void Head(StringBuilder text, string name, string kind, string help) => text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');

    private static void Line(StringBuilder text, string name, IReadOnlyList<(string Name, string Value)> labels, string value)
    {
        text.Append(name).Append('{');
        for (var i = 0; i < labels.Count; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(labels[i].Name).Append("=\"")
                .Append(labels[i].Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }

        text.Append("} ").Append(value).Append('\n');
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
