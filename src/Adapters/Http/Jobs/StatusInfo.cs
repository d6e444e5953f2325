using System.Globalization;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Chains;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary>A job as a client sees it: <c>statusInfo.yaml</c>, and what the draft of version 2 adds: <c>id</c>, and <c>exception</c> for why it failed.</summary>
internal static class StatusInfo
{
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <param name="place">Where it stands in the queue, if it waits and that was looked for: the member <c>position</c>, from 1 on.</param>
    public static void Write(Utf8JsonWriter json, Job job, string baseAddress, QueuePlace? place = null)
    {
        json.WriteStartObject();
        json.WriteString("jobID", job.Id.Value);
        json.WriteString("id", job.Id.Value);
        json.WriteIfAny("parentJobID", job.Parent?.Value);
        json.WriteString("type", "process");
        json.WriteString("processID", job.ProcessId);
        json.WriteString("status", StatusNames.Of(job.State.Status));
        json.WriteIfAny("message", MessageOf(job, place));
        if (place?.Position is { } position)
        {
            json.WriteNumber("position", position);
        }

        json.WriteNumber("progress", ProgressOf(job));
        json.WriteString("created", Time(job.Created));
        WriteTime(json, "started", job.Started);
        WriteTime(json, "finished", job.Finished);
        json.WriteString("updated", Time(job.Updated));
        if (job.Attempt > 1)
        {
            json.WriteNumber("attempt", job.Attempt);
        }

        if (job.State is JobState.Failed { Failure: var failure })
        {
            json.WritePropertyName("exception");
            Problems.Failed(failure).Write(json);
        }

        json.WriteLinks(LinksOf(job, baseAddress));
        json.WriteEndObject();
    }

    /// <summary>RFC 3339 in UTC, to the millisecond.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture);

    /// <summary>What <see cref="Time"/> has written, and nothing else.</summary>
    public static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    public static Link[] LinksOf(Job job, string baseAddress) => [.. OwnLinks(job, baseAddress), .. FamilyOf(job, baseAddress)];

    private static Link[] OwnLinks(Job job, string baseAddress)
    {
        var self = Addresses.Job(baseAddress, job.Id.Value);
        var page = Links.ToPage(self);
        var log = new Link(self + "/log", "related", Media.Json, "Log");
        return job.State.Status switch
        {
            JobStatus.Accepted or JobStatus.Running =>
            [
                new Link(self, "self", Media.Json, "This document"),
                page,
                new Link(self, "monitor", Media.Json, "Job status"),
                new Link(self + "/events", "related", Media.EventStream, "Events"),
                log,
            ],
            JobStatus.Successful =>
            [
                new Link(self, "self", Media.Json, "This document"),
                page,
                new Link(self + "/results", Links.Results, Title: "Results"),
                log,
                .. LayersOf(job, baseAddress),
                .. SourceOf(job, baseAddress),
            ],
            JobStatus.Failed =>
            [
                new Link(self, "self", Media.Json, "This document"),
                page,
                new Link(self + "/results", Links.Exceptions, Media.Json, "Why it failed"),
                log,
            ],
            JobStatus.Dismissed => [new Link(self, "self", Media.Json, "This document"), page],
        };
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, Time(known));
        }
    }

    /// <summary>Of a job that waits, also why, or behind how many.</summary>
    public static string? MessageOf(Job job, QueuePlace? place) => place switch
    {
        null => MessageOf(job),
        { IsClaimable: false } => $"Waits for a node that runs {job.ProcessId}; there is none now.",
        _ when job.Message is { } message => message,
        { Position: { } position } => string.Create(CultureInfo.InvariantCulture, $"Waits at place {position} of the queue."),
        _ => string.Create(CultureInfo.InvariantCulture, $"Waits in the queue behind more than {QueuePlace.Counted} others."),
    };

    public static string? MessageOf(Job job) => job.State is JobState.Failed { Failure.Message: var message } ? message : job.Message;

    public static int ProgressOf(Job job) => job.State.Status == JobStatus.Successful ? 100 : (int)Math.Clamp(job.Progress, 0, 100);

    /// <summary>What was published of its results.</summary>
    public static IEnumerable<Link> LayersOf(Job job, string baseAddress)
    {
        var addresses = new OutputAddresses(baseAddress, job.Id);
        return job.Outputs.Select(addresses.LayerOf).OfType<Link>();
    }

    private static Link[] SourceOf(Job job, string baseAddress) => job.DerivedFrom is { } source
        ? [new Link(Addresses.Job(baseAddress, source.Value), Links.Via, Media.Json, "The job that made these results")]
        : [];

    private static Link[] FamilyOf(Job job, string baseAddress) =>
        job.Parent is { } parent ? [new Link(Addresses.Job(baseAddress, parent.Value), "up", Media.Json, "The chain that it is a step of")]
        : job.Lane == ChainProvider.LaneName ? [new Link(Addresses.Steps(baseAddress, job.Id.Value), "related", Media.Json, "Steps")]
        : [];
}
