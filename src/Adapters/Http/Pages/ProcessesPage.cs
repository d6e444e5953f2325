using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>The processes by group, with a search above them.</summary>
internal static class ProcessesPage
{
    private const int MostKeywords = 8;
    private const int LongestBeginning = 170;

    public static Page Of(string baseAddress, IReadOnlyList<Link> links) => new("Processes", baseAddress, [], links);

    public static void Write(HtmlWriter html, string baseAddress, IReadOnlyList<ProcessDescription> processes, string words, string? next)
    {
        html.Element("form", () =>
        {
            html.Element("label", "Words in the name, description or keywords", ("for", "q"));
            html.Void("input", ("type", "search"), ("id", "q"), ("name", "q"), ("value", words), ("placeholder", "buffer, raster, dissolve"));
            html.Void("input", ("type", "hidden"), ("name", "f"), ("value", "html"));
            html.Element("button", "Search", ("type", "submit"));
        }, ("method", "get"), ("action", baseAddress + "processes"), ("role", "search"));
        html.Element("p", processes.Count == 1 ? "One process." : $"{processes.Count} processes.", ("class", "soft"));
        var groups = processes.GroupBy(GroupOf).OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase).ToList();
        if (groups.Count > 1)
        {
            Contents(html, groups);
        }

        foreach (var (number, group) in groups.Index())
        {
            html.Element("h2", group.Key, ("id", Anchor(number)));
            html.Element("ul", () =>
            {
                foreach (var process in group.OrderBy(process => process.Title, StringComparer.OrdinalIgnoreCase))
                {
                    html.Element("li", () => Row(html, baseAddress, process));
                }
            }, ("class", "rows"));
        }

        if (next is not null)
        {
            html.Element("p", () => html.Link(next, "Next page"));
        }
    }

    private static void Contents(HtmlWriter html, List<IGrouping<string, ProcessDescription>> groups) => html.Element("nav", () => html.Element("ul", () =>
    {
        foreach (var (number, group) in groups.Index())
        {
            html.Element("li", () => html.Link("#" + Anchor(number), group.Key));
        }
    }, ("class", "line")), ("aria-label", "Groups"));

    private static void Row(HtmlWriter html, string baseAddress, ProcessDescription process)
    {
        html.Element("strong", () => html.Link(Addresses.Process(baseAddress, process.Id), process.Title));
        html.Text(" ");
        html.Element("code", process.Id);
        if (Beginning(process.Description) is { } beginning)
        {
            html.Element("p", beginning);
        }

        var group = GroupOf(process);
        if (process.Keywords.Where(keyword => keyword != group).Take(MostKeywords).ToList() is { Count: > 0 } keywords)
        {
            html.Element("small", string.Join(", ", keywords));
        }
    }

    /// <summary>As the toolbox has it; what is of no group is the server's own.</summary>
    private static string GroupOf(ProcessDescription process) => process.Facts.GetValueOrDefault("qgis:group") is { Length: > 0 } group ? group : "General";

    private static string Anchor(int number) => "group-" + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The first sentence, or as much of it as fits into two lines.</summary>
    private static string? Beginning(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var line = text.Trim().Split('\n')[0];
        var end = line.IndexOf(". ", StringComparison.Ordinal);

        // An abbreviation (e.g.) ends no sentence: what follows that begins with a capital letter.
        while (end > 0 && end + 2 < line.Length && !char.IsUpper(line[end + 2]))
        {
            end = line.IndexOf(". ", end + 2, StringComparison.Ordinal);
        }

        var sentence = end > 0 ? line[..(end + 1)] : line;
        if (sentence.Length <= LongestBeginning)
        {
            return sentence;
        }

        var space = sentence.LastIndexOf(' ', LongestBeginning, LongestBeginning / 2);
        return sentence[..(space > 0 ? space : LongestBeginning)] + " …";
    }
}
