using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Time;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary>The parameters of the job list: OGC API - Processes 1.0, clause 11.3.</summary>
internal static class JobQuery
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    /// <summary>Only the steps of a chain.</summary>
    public const string Parent = "parentJobID";

    /// <returns>The filter, or every mistake in the parameters.</returns>
    public static (JobFilter? Filter, IReadOnlyList<Mistake> Mistakes) Read(IQueryCollection query)
    {
        var mistakes = new List<Mistake>();
        if (Parameters.Limit(query, DefaultLimit, MaxLimit, out var limit) is { } wrongLimit)
        {
            mistakes.Add(wrongLimit);
        }

        foreach (var type in Parameters.List(query, "type").Where(type => type != "process"))
        {
            mistakes.Add(new Mistake("type", $"process is the only type of jobs here, not {type}"));
        }

        var interval = default(TimeInterval);
        var datetime = query["datetime"].ToString();
        if (datetime.Length > 0 && !TimeInterval.TryParse(datetime, out interval))
        {
            mistakes.Add(new Mistake("datetime", "a date-time of RFC 3339, or two of them divided by / (.. for an open end), is required"));
        }

        var filter = new JobFilter
        {
            Limit = limit,
            ProcessIds = [.. Parameters.List(query, "processID").Distinct(StringComparer.Ordinal)],
            Statuses = ReadStatuses(query, mistakes),
            CreatedFrom = interval.From,
            CreatedTo = interval.To,
            MinDuration = ReadDuration(query, "minDuration", mistakes, durations => durations.Max()),
            MaxDuration = ReadDuration(query, "maxDuration", mistakes, durations => durations.Min()),
            After = ReadJob(query, "after", mistakes),
            Parent = ReadJob(query, Parent, mistakes),
        };
        return mistakes.Count == 0 ? (filter, []) : (null, mistakes);
    }

    private static JobId? ReadJob(IQueryCollection query, string name, List<Mistake> mistakes)
    {
        var text = query[name].ToString();
        JobId? id = null;
        if (text.Length > 0 && !JobId.TryParse(text, out id))
        {
            mistakes.Add(new Mistake(name, "the id of a job is required"));
        }

        return id;
    }

    private static List<JobStatus> ReadStatuses(IQueryCollection query, List<Mistake> mistakes)
    {
        var statuses = new List<JobStatus>();
        foreach (var name in Parameters.List(query, "status").Distinct(StringComparer.Ordinal))
        {
            if (StatusNames.TryRead(name, out var status))
            {
                statuses.Add(status);
            }
            else
            {
                mistakes.Add(new Mistake("status", $"one of {string.Join(", ", StatusNames.All)} is required, not {name}"));
            }
        }

        return statuses;
    }

    /// <summary>Whole seconds. The standard makes it a list; every value of it must hold.</summary>
    private static TimeSpan? ReadDuration(IQueryCollection query, string name, List<Mistake> mistakes, Func<List<int>, int> strictest)
    {
        var durations = new List<int>();
        foreach (var text in Parameters.List(query, name))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                durations.Add(seconds);
            }
            else
            {
                mistakes.Add(new Mistake(name, $"whole seconds are required, not {text}"));
            }
        }

        return durations.Count == 0 ? null : TimeSpan.FromSeconds(strictest(durations));
    }
}
