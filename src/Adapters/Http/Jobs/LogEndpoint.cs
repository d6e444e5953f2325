using System.Globalization;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary><c>GET /jobs/{jobID}/log</c>: what the job said, in order; <c>skip</c> and <c>limit</c> to read on where one stopped.</summary>
internal sealed class LogEndpoint(IJobStore jobs) : JobEndpoint(jobs)
{
    private const int DefaultLimit = 1000;
    private const int MaxLimit = 10_000;

    private readonly IJobStore _jobs = jobs;

    public override void Configure() => GetAndHead("/jobs/{jobID}/log");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (await FindJobAsync(ct) is not { } job)
        {
            return Problems.NoSuchJob(JobIdText);
        }

        var skip = 0;
        if (Parameters.Limit(Request.Query, DefaultLimit, MaxLimit, out var limit) is { } mistake)
        {
            return Problems.InvalidParameters([mistake]);
        }

        if (Request.Query.TryGetValue("skip", out var text) && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out skip))
        {
            return Problems.InvalidParameters([new Mistake("skip", "a whole number from 0 is required")]);
        }

        var entries = await _jobs.ReadLogAsync(job.Id, skip, limit, ct);
        var self = new Link(Request.With(("f", null)), "self", Media.Json, "This document");
        var next = Request.With(("skip", (skip + entries.Count).ToString(CultureInfo.InvariantCulture)));
        Link[] links = entries.Count < limit ? [self] : [self, new Link(next, "next", Media.Json, "Next page")];
        return Represent(() => AsJson(entries, [.. links, Links.ToPage(self.Href)]), () => LogPage.Of(job, entries, BaseAddress, links));
    }

    private static JsonAnswer AsJson(IReadOnlyList<LogEntry> entries, Link[] links) => new(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("entries");
        foreach (var entry in entries)
        {
            Write(json, entry);
        }

        json.WriteEndArray();
        json.WriteLinks(links);
        json.WriteEndObject();
    });

    public static void Write(Utf8JsonWriter json, LogEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("time", StatusInfo.Time(entry.At));
        json.WriteNumber("attempt", entry.Attempt);
        json.WriteString("level", entry.Level);
        json.WriteString("text", entry.Text);
        json.WriteEndObject();
    }
}
