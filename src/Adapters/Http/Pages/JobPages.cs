using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>The jobs, and one of them.</summary>
internal static class JobPages
{
    private const int SecondsBetweenLooks = 2;

    /// <param name="processId">Only of these; empty: of all.</param>
    /// <param name="status">Only in this state; empty: in any.</param>
    public static IResult List(IReadOnlyList<Job> jobs, string baseAddress, string processId, string status, string? next, IReadOnlyList<Link> links) =>
        new Page("Jobs", baseAddress, [], links).Answer(html =>
        {
            Filter(html, baseAddress, processId, status);
            if (jobs.Count == 0)
            {
                html.Element("p", processId.Length + status.Length == 0 ? "There are none yet: a process's page shows how to start one." : "There are none of these.");
                return;
            }

            html.Table(["Created", "Process", "Status", "Took", "Job"], jobs, job => Row(html, job, baseAddress));
            if (next is not null)
            {
                html.Element("p", () => html.Link(next, "Older jobs"));
            }
        });

    /// <param name="place">Where it stands in the queue, if it waits.</param>
    public static IResult One(Job job, QueuePlace? place, string baseAddress, IReadOnlyList<Link> links)
    {
        var page = new Page($"Job {job.Id}", baseAddress, [(baseAddress + "jobs", "Jobs")], links)
        {
            Refresh = job.State.HasEnded ? null : SecondsBetweenLooks,
        };
        return page.Answer(html => Write(html, job, place, baseAddress));
    }

    private static void Filter(HtmlWriter html, string baseAddress, string processId, string status) => html.Element("form", () =>
    {
        html.Element("span", () =>
        {
            html.Element("label", "Process", ("for", "process"));
            html.Void("input", ("id", "process"), ("name", "processID"), ("value", processId), ("placeholder", "native:buffer"));
        }, ("class", "field"));
        html.Element("span", () =>
        {
            html.Element("label", "Status", ("for", "status"));
            html.Element("select", () =>
            {
                html.Element("option", "any", ("value", ""));
                foreach (var name in StatusNames.All)
                {
                    html.Element("option", name, ("value", name), ("selected", name == status ? "" : null));
                }
            }, ("id", "status"), ("name", "status"));
        }, ("class", "field"));
        html.Void("input", ("type", "hidden"), ("name", "f"), ("value", "html"));
        html.Element("button", "Show", ("type", "submit"));
    }, ("method", "get"), ("action", baseAddress + "jobs"));

    private static void Row(HtmlWriter html, Job job, string baseAddress)
    {
        html.Element("td", Text(job.Created));
        html.Element("td", () => html.Link(Addresses.Process(baseAddress, job.ProcessId), job.ProcessId));
        html.Element("td", () => Status(html, job));
        html.Element("td", Took(job));
        html.Element("td", () => html.Link(Addresses.Job(baseAddress, job.Id.Value), job.Id.Value));
    }

    private static void Write(HtmlWriter html, Job job, QueuePlace? place, string baseAddress)
    {
        var address = Addresses.Job(baseAddress, job.Id.Value);
        html.Element("dl", () =>
        {
            html.Fact("Status", () => Status(html, job));
            html.Fact("Process", () => html.Link(Addresses.Process(baseAddress, job.ProcessId), job.ProcessId));
            if (!job.State.HasEnded)
            {
                html.Fact("Progress", () => Progress(html, job));
            }

            html.Fact("Message", StatusInfo.MessageOf(job, place));
            html.Fact("Created", Text(job.Created));
            html.Fact("Started", job.Started is { } started ? Text(started) : null);
            html.Fact("Finished", job.Finished is { } finished ? Text(finished) : null);
            html.Fact("Took", Took(job));
            html.Fact("Attempt", job.Attempt > 1 ? job.Attempt.ToString(CultureInfo.InvariantCulture) : null);
            html.Fact("Log", () => html.Link(address + "/log", "What it said"));
        });
        if (job.State is JobState.Failed { Failure.Mistakes: { Count: > 0 } mistakes })
        {
            html.Element("h2", "What is wrong");
            ProblemPage.Write(html, mistakes);
        }

        if (job.State.Status == JobStatus.Successful)
        {
            html.Element("p", () => html.Link(Addresses.In(Addresses.Results(baseAddress, job.Id.Value), Representation.Html), "See the results"));
        }

        html.Element("p", job.State.HasEnded ? "Remove it with its results:" : "This page looks again every two seconds. Call the job off:", ("class", "soft"));
        html.Element("pre", $"curl -X DELETE '{address}'", ("tabindex", "0"), ("aria-label", "Command"));
    }

    private static void Progress(HtmlWriter html, Job job)
    {
        var percent = StatusInfo.ProgressOf(job).ToString(CultureInfo.InvariantCulture);
        html.Element("progress", percent + " %", ("max", "100"), ("value", percent), ("aria-label", "Progress"));
        html.Text($" {percent} %");
    }

    private static void Status(HtmlWriter html, Job job) =>
        html.Element("span", StatusNames.Of(job.State.Status), ("class", StatusNames.Of(job.State.Status)));

    private static string? Took(Job job) => job is not { Started: { } started, Finished: { } finished } ? null
        : finished - started is var time && time < TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s")
        : time.ToString(time < TimeSpan.FromDays(1) ? @"h\:mm\:ss" : @"d\ h\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
