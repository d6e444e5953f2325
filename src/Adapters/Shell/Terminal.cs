using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace GeoWps.Adapters.Shell;

/// <summary>Where a command writes: answers to <see cref="Out"/>, all else to <see cref="Error"/>.</summary>
/// <param name="decorated">Whether a person looks at it: colours, tables as wide as the window, progress bars.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool decorated)
{
    private static readonly JsonWriterOptions _indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    public bool Decorated { get; } = decorated;

    public void Complain(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Error.WriteLine($"geowps: {Printable(line)}");
        }
    }

    /// <summary>What has become of something, as a line or as JSON.</summary>
    /// <returns>0, the exit code of what has worked.</returns>
    public int Tell(bool json, string id, string status)
    {
        if (json)
        {
            WriteJson(new JsonObject { ["id"] = id, ["status"] = status });
        }
        else
        {
            Out.WriteLine($"{id} {status}");
        }

        return 0;
    }

    public void WriteJson(JsonNode json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, _indented))
        {
            json.WriteTo(writer);
        }

        Out.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    /// <summary>A table for a person; without decoration, columns of equal width, so that <c>grep</c> and <c>awk</c> get whole rows.</summary>
    public void WriteTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (!Decorated)
        {
            WritePlainTable(columns, rows);
            return;
        }

        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Markup($"[bold]{column}[/]")) { Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(Printable(cell)))]);
        }

        CreateConsole(Out).Write(table);
    }

    /// <summary>A console for progress bars, on the side of messages.</summary>
    public IAnsiConsole CreateErrorConsole() => CreateConsole(Error);

    /// <summary>Text of a server's without control characters: it must not steer the terminal.</summary>
    public static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    private static IAnsiConsole CreateConsole(TextWriter writer) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

    private void WritePlainTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max()).ToArray();
        foreach (var row in rows.Prepend(columns))
        {
            Out.WriteLine(string.Join("  ", row.Select((cell, i) => Printable(cell).PadRight(widths[i]))).TrimEnd());
        }
    }
}
