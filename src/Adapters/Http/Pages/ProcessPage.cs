using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>One process: what it takes, what it gives, and how it is asked.</summary>
internal static class ProcessPage
{
    public static StoredPage Of(ProcessDescription process, string baseAddress, IReadOnlyList<Link> links) =>
        new Page(process.Title, baseAddress, [(baseAddress + "processes", "Processes")], links).Store(html => Write(html, process, baseAddress));

    private static void Write(HtmlWriter html, ProcessDescription process, string baseAddress)
    {
        html.Element("p", () => html.Element("code", process.Id));
        foreach (var paragraph in (process.Description ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            html.Element("p", paragraph);
        }

        html.Element("dl", () =>
        {
            html.Fact("Version", process.Version);
            html.Fact("Group", process.Facts.GetValueOrDefault("qgis:group"));
            html.Fact("Execution", string.Join(", ", ProcessWriter.Names(process.JobControl)));
            if (process.Keywords.Count > 0)
            {
                html.Fact("Keywords", () => Keywords(html, process, baseAddress));
            }
        });
        html.Element("h2", "Inputs");
        Table(html, ["Input", "What it is", "Occurs", "Values", "Default"], process.Inputs, input => Input(html, input));
        html.Element("h2", "Outputs");
        Table(html, ["Output", "What it is", "Values"], process.Outputs, output => Output(html, output));
        html.Element("h2", "Execute it");
        html.Element("p", "Paste this into a shell, with your own data in the place of the values. It waits for the results; with -H 'Prefer: respond-async' it becomes a job to watch.");
        html.Element("pre", ExampleRequest.Curl(process, Addresses.Process(baseAddress, process.Id) + "/execution"), ("tabindex", "0"), ("aria-label", "Example"));
    }

    /// <summary>Each leads to the processes that have it, too.</summary>
    private static void Keywords(HtmlWriter html, ProcessDescription process, string baseAddress)
    {
        foreach (var (number, keyword) in process.Keywords.Index())
        {
            html.Text(number == 0 ? "" : ", ");
            html.Link($"{baseAddress}processes?q={Uri.EscapeDataString(keyword)}", keyword);
        }
    }

    private static void Table<T>(HtmlWriter html, string[] heads, IReadOnlyList<T> rows, Action<T> row)
    {
        if (rows.Count == 0)
        {
            html.Element("p", "None.");
            return;
        }

        html.Table(heads, rows, row);
    }

    private static void Input(HtmlWriter html, InputDescription input)
    {
        var form = DataForms.Of(input.Schema, []);
        Name(html, input.Id);
        What(html, input.Title, input.Description);
        html.Element("td", Occurrence(input));
        Values(html, form, LiteralForms.Choices(input.Schema));
        html.Element("td", () =>
        {
            if (input.Schema["default"] is { } preset)
            {
                html.Element("span", "Default: ", ("class", "narrow"));
                html.Element("code", LiteralForms.TextOf(preset) is { Length: > 0 } text ? text : "\"\"");
            }
        });
    }

    private static void Output(HtmlWriter html, OutputDescription output)
    {
        Name(html, output.Id);
        What(html, output.Title, output.Optional ? $"{output.Description} Made only when it is asked for.".TrimStart() : output.Description);
        Values(html, DataForms.Of(output.Schema, output.MediaTypes), null);
    }

    private static void Name(HtmlWriter html, string id) => html.Element("th", () => html.Element("code", id), ("scope", "row"));

    private static void What(HtmlWriter html, string title, string? description) => html.Element("td", () =>
    {
        html.Text(title);
        Small(html, description);
    });

    private static void Values(HtmlWriter html, DataForm form, string? choices) => html.Element("td", () =>
    {
        switch (form)
        {
            case DataForm.Literal literal:
                html.Text(literal.DataType);
                Small(html, choices ?? (literal.Allowed.Count > 0 ? string.Join(", ", literal.Allowed) : null));
                Small(html, Range(literal.Range));
                break;
            case DataForm.Complex complex:
                foreach (var format in complex.Formats)
                {
                    Small(html, format.MediaType);
                }

                break;
            default:
                html.Text("bounding box");
                Small(html, "{\"bbox\": [xmin, ymin, xmax, ymax]}");
                break;
        }
    });

    private static void Small(HtmlWriter html, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            html.Element("small", text);
        }
    }

    private static string? Range(LiteralRange? range)
    {
        if (range is null)
        {
            return null;
        }

        var (from, to) = range.Closure switch
        {
            "open" => ("above", "below"),
            "open-closed" => ("above", "up to"),
            "closed-open" => ("from", "below"),
            _ => ("from", "up to"),
        };
        return string.Join(", ", new[] { range.Minimum is null ? "" : $"{from} {range.Minimum}", range.Maximum is null ? "" : $"{to} {range.Maximum}" }.Where(part => part.Length > 0));
    }

    private static string Occurrence(InputDescription input) => (input.MinOccurs, input.MaxOccurs) switch
    {
        (0, 1) => "optional",
        (1, 1) => "required",
        (var least, InputDescription.Unbounded) => $"{least} or more",
        (var least, var most) => $"{least} to {most}",
    };
}
