using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>What a job said, line by line.</summary>
internal static class LogPage
{
    public static IResult Of(Job job, IReadOnlyList<LogEntry> entries, string baseAddress, IReadOnlyList<Link> links)
    {
        var page = new Page("Log", baseAddress, [(baseAddress + "jobs", "Jobs"), (Addresses.Job(baseAddress, job.Id.Value), job.Id.Value)], links);
        return page.Answer(html =>
        {
            if (entries.Count == 0)
            {
                html.Element("p", "The job said nothing.");
                return;
            }

            html.Table(["Time", "Level", "Text"], entries, entry =>
            {
                html.Element("td", entry.At.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
                html.Element("td", entry.Level, ("class", entry.Level == "error" ? "failed" : "soft"));
                html.Element("td", entry.Text);
            });
            if (links.FirstOrDefault(link => link.Rel == "next").Href is { } next)
            {
                html.Element("p", () => html.Link(next, "Next page"));
            }
        });
    }
}
