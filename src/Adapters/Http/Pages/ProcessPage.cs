using GeoWps.Adapters.Http.Answers;
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
            Fact(html, "Version", process.Version);
            Fact(html, "Group", process.Facts.GetValueOrDefault("qgis:group"));
            Fact(html, "Keywords", string.Join(", ", process.Keywords));
        });
        html.Element("h2", "Inputs");
        Table(html, ["Name", "What it is", "Values", "How often"], process.Inputs, input => Input(html, input));
        html.Element("h2", "Outputs");
        Table(html, ["Name", "What it is", "Values"], process.Outputs, output => Output(html, output));
        html.Element("h2", "Execute it");
        html.Element("p", "As a job at once; without the Prefer header the answer waits for the results.");
        html.Element("pre", ExampleRequest.Curl(process, Addresses.Process(baseAddress, process.Id) + "/execution"));
    }

    private static void Fact(HtmlWriter html, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            html.Element("dt", name);
            html.Element("dd", value);
        }
    }

    private static void Table<T>(HtmlWriter html, string[] heads, IReadOnlyList<T> rows, Action<T> row)
    {
        if (rows.Count == 0)
        {
            html.Element("p", "None.");
            return;
        }

        html.Element("table", () =>
        {
            html.Element("thead", () => html.Element("tr", () =>
            {
                foreach (var head in heads)
                {
                    html.Element("th", head, ("scope", "col"));
                }
            }));
            html.Element("tbody", () =>
            {
                foreach (var one in rows)
                {
                    html.Element("tr", () => row(one));
                }
            });
        }, ("class", "stack"));
    }

    private static void Input(HtmlWriter html, InputDescription input)
    {
        html.Element("td", () => html.Element("code", input.Id));
        What(html, input.Title, input.Description);
        Values(html, DataForms.Of(input.Schema, []), LiteralForms.Choices(input.Schema));
        html.Element("td", Occurrence(input));
    }

    private static void Output(HtmlWriter html, OutputDescription output)
    {
        html.Element("td", () => html.Element("code", output.Id));
        What(html, output.Title, output.Optional ? $"{output.Description} Made only when it is asked for.".TrimStart() : output.Description);
        Values(html, DataForms.Of(output.Schema, output.MediaTypes), null);
    }

    private static void What(HtmlWriter html, string title, string? description) => html.Element("td", () =>
    {
        html.Text(title);
        if (!string.IsNullOrEmpty(description))
        {
            html.Element("small", description);
        }
    });

    private static void Values(HtmlWriter html, DataForm form, string? choices) => html.Element("td", () =>
    {
        switch (form)
        {
            case DataForm.Literal literal:
                html.Text(literal.DataType);
                Small(html, choices ?? (literal.Allowed.Count > 0 ? string.Join(", ", literal.Allowed) : null));
                Small(html, Range(literal.Range));
                Small(html, literal.Default is { } preset ? $"default {preset}" : null);
                break;
            case DataForm.Complex complex:
                foreach (var format in complex.Formats)
                {
                    html.Element("small", format.MediaType);
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

    private static string? Range(LiteralRange? range) => range switch
    {
        null => null,
        { Minimum: { } least, Maximum: { } most } => $"{(range.Closure.StartsWith("open", StringComparison.Ordinal) ? "above" : "from")} {least} to {most}",
        { Minimum: { } least } => $"{(range.Closure.StartsWith("open", StringComparison.Ordinal) ? "above" : "from")} {least}",
        _ => $"up to {range.Maximum}",
    };

    private static string Occurrence(InputDescription input) => (input.MinOccurs, input.MaxOccurs) switch
    {
        (0, 1) => "optional",
        (1, 1) => "required",
        (var least, InputDescription.Unbounded) => $"{least} or more",
        (var least, var most) => $"{least} to {most}",
    };
}
