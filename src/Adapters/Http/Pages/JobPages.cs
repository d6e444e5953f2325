using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>The jobs, and one of them.</summary>
internal static class JobPages
{
    private const int SecondsBetweenLooks = 2;

    public static IResult List(IReadOnlyList<Job> jobs, string baseAddress, string? next, IReadOnlyList<Link> links) =>
        new Page("Jobs", baseAddress, [], links).Answer(html =>
        {
            if (jobs.Count == 0)
            {
                html.Element("p", "There are none yet: a process's page shows how to start one.");
                return;
            }

            html.Element("table", () =>
            {
                html.Element("thead", () => html.Element("tr", () =>
                {
                    foreach (var head in (string[])["Created", "Process", "Status", "Job"])
                    {
                        html.Element("th", head, ("scope", "col"));
                    }
                }));
                html.Element("tbody", () =>
                {
                    foreach (var job in jobs)
                    {
                        html.Element("tr", () => Row(html, job, baseAddress));
                    }
                });
            }, ("class", "stack"));
            if (next is not null)
            {
                html.Element("p", () => html.Link(next, "Older jobs"));
            }
        });

    public static IResult One(Job job, string baseAddress, IReadOnlyList<Link> links)
    {
        var page = new Page($"Job {job.Id}", baseAddress, [(baseAddress + "jobs", "Jobs")], links)
        {
            Refresh = job.State.HasEnded ? null : SecondsBetweenLooks,
        };
        return page.Answer(html => Write(html, job, baseAddress));
    }

    private static void Row(HtmlWriter html, Job job, string baseAddress)
    {
        html.Element("td", Text(job.Created));
        html.Element("td", () => html.Link(Addresses.Process(baseAddress, job.ProcessId), job.ProcessId));
        html.Element("td", () => Status(html, job));
        html.Element("td", () => html.Link(Addresses.Job(baseAddress, job.Id.Value), job.Id.Value));
    }

    private static void Write(HtmlWriter html, Job job, string baseAddress)
    {
        html.Element("dl", () =>
        {
            Fact(html, "Status", () => Status(html, job));
            Fact(html, "Process", () => html.Link(Addresses.Process(baseAddress, job.ProcessId), job.ProcessId));
            if (!job.State.HasEnded)
            {
                var percent = ((int)Math.Clamp(job.Progress, 0, 100)).ToString(CultureInfo.InvariantCulture);
                Fact(html, "Progress", () => html.Element("progress", percent + " %", ("max", "100"), ("value", percent), ("aria-label", "Progress")));
            }

            Fact(html, "Message", job.State is JobState.Failed { Failure.Message: var message } ? message : job.Message);
            Fact(html, "Created", Text(job.Created));
            Fact(html, "Started", job.Started is { } started ? Text(started) : null);
            Fact(html, "Finished", job.Finished is { } finished ? Text(finished) : null);
            Fact(html, "Attempt", job.Attempt > 1 ? job.Attempt.ToString(CultureInfo.InvariantCulture) : null);
        });
        if (job.State.Status == JobStatus.Successful)
        {
            html.Element("p", () => html.Link(Addresses.Results(baseAddress, job.Id.Value) + "?f=html", "See the results"));
        }
        else if (!job.State.HasEnded)
        {
            html.Element("p", "This page looks again every two seconds.", ("class", "soft"));
        }
    }

    private static void Status(HtmlWriter html, Job job) =>
        html.Element("span", StatusNames.Of(job.State.Status), ("class", StatusNames.Of(job.State.Status)));

    private static void Fact(HtmlWriter html, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Fact(html, name, () => html.Text(value));
        }
    }

    private static void Fact(HtmlWriter html, string name, Action value)
    {
        html.Element("dt", name);
        html.Element("dd", value);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
