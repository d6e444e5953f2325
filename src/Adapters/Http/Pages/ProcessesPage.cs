using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>The processes as a table with a search above it.</summary>
internal static class ProcessesPage
{
    public static Page Of(string baseAddress, IReadOnlyList<Link> links) => new("Processes", baseAddress, [], links);

    public static void Write(HtmlWriter html, string baseAddress, IReadOnlyList<ProcessDescription> processes, string words, string? next)
    {
        html.Element("form", () =>
        {
            html.Void("input", ("type", "search"), ("name", "q"), ("value", words), ("aria-label", "Search processes"), ("placeholder", "buffer, raster, dissolve"));
            html.Void("input", ("type", "hidden"), ("name", "f"), ("value", "html"));
            html.Element("button", "Search", ("type", "submit"));
        }, ("method", "get"), ("action", baseAddress + "processes"), ("role", "search"));
        html.Element("p", processes.Count == 1 ? "One process." : $"{processes.Count} processes.", ("class", "soft"));
        html.Element("table", () =>
        {
            html.Element("thead", () => html.Element("tr", () =>
            {
                html.Element("th", "Process");
                html.Element("th", "What it does");
            }));
            html.Element("tbody", () =>
            {
                foreach (var process in processes)
                {
                    html.Element("tr", () => Row(html, baseAddress, process));
                }
            });
        }, ("class", "stack"));
        if (next is not null)
        {
            html.Element("p", () => html.Link(next, "Next page"));
        }
    }

    private static void Row(HtmlWriter html, string baseAddress, ProcessDescription process)
    {
        html.Element("td", () => html.Link(Addresses.Process(baseAddress, process.Id), process.Id));
        html.Element("td", () =>
        {
            html.Text(process.Title);
            if (process.Facts.GetValueOrDefault("qgis:group") is { Length: > 0 } group)
            {
                html.Element("small", group);
            }
        });
    }
}
