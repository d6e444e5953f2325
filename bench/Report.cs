using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Spectre.Console;

namespace GeoWps.Bench;

/// <summary>One measured figure.</summary>
/// <param name="Against">What it is measured against, in the same run; <see langword="null"/> for an absolute one.</param>
/// <param name="Goal">As a bound in words, such as <c>at most 10 ms</c>.</param>
/// <param name="Met">Whether the bound holds.</param>
internal sealed record Figure(string Name, string Value, string? Against, string? Goal, bool? Met);

/// <summary>A table for people, JSON for machines.</summary>
internal static class Report
{
    public static async Task WriteAsync(string name, IReadOnlyList<Figure> figures)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("figure", "measured", "against", "goal", "");
        foreach (var figure in figures)
        {
            table.AddRow(
                Markup.Escape(figure.Name),
                Markup.Escape(figure.Value),
                Markup.Escape(figure.Against ?? ""),
                Markup.Escape(figure.Goal ?? ""),
                figure.Met switch { true => "[green]met[/]", false => "[red]missed[/]", null => "" });
        }

        AnsiConsole.Write(table);
        var folder = Path.Combine(Root, "artifacts", "bench");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{name}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(figures, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
        AnsiConsole.MarkupLineInterpolated($"also in [blue]{Path.GetRelativePath(Root, file)}[/]");
    }

    /// <summary>Says on the terminal what is being measured.</summary>
    public static Task<T> StepAsync<T>(string name, Func<Task<T>> measure) =>
        AnsiConsole.Status().StartAsync(Markup.Escape(name), _ => measure());

    public static string Milliseconds(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " ms";

    public static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static string Root { get; } = Metadata("Root");

    public static string Metadata(string key) => typeof(Report).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
