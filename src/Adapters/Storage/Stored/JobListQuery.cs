using System.Data.Common;
using System.Globalization;
using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>One page of the list of jobs, newest first: by time of creation, then id.</summary>
internal sealed class JobListQuery
{
    /// <summary>
    /// A page ends early when its requests and results (bytes) pass this much: requests have up to 4 MiB each, and a thousand of them would
    /// be the end of the server. The caller is told that there is more.
    /// </summary>
    private const int MostContent = 16 * 1024 * 1024;

    private const string Content = "octet_length(request) + coalesce(octet_length(outputs), 0) AS content";

    private readonly StringBuilder _conditions = new();
    private readonly List<(string Name, object? Value)> _values = [];

    /// <param name="table">The table of jobs.</param>
    /// <param name="now">The time, as an expression of the database.</param>
    /// <param name="afterCreated">When <see cref="JobFilter.After"/> was made; <see langword="null"/>: it has been removed since.</param>
    public JobListQuery(JobFilter filter, string table, string now, long? afterCreated)
    {
        Filter(filter, now);
        GoOnAfter(filter.After, afterCreated);

        // One more than asked for tells whether there is more.
        Sql = $"SELECT {JobRow.Columns}, {Content} FROM {table}{_conditions} ORDER BY created DESC, id DESC LIMIT {Value((long)filter.Limit + 1)}";
    }

    public string Sql { get; }

    public IReadOnlyList<(string Name, object? Value)> Values => _values;

    /// <summary>Reads the rows that <see cref="Sql"/> gives.</summary>
    public static JobPage Read(DbDataReader row, int limit)
    {
        var jobs = new List<Job>();
        var content = 0L;
        while (row.Read())
        {
            content += row.GetInt64(row.FieldCount - 1);
            if (jobs.Count == limit || (content > MostContent && jobs.Count > 0))
            {
                return new JobPage(jobs, HasMore: true);
            }

            jobs.Add(JobRow.Read(row));
        }

        return new JobPage(jobs, HasMore: false);
    }

    private void Filter(JobFilter filter, string now)
    {
        AnyOf("process", filter.ProcessIds);
        AnyOf("status", [.. filter.Statuses.Select(JobStatusText.Of)]);
        if (filter.CreatedFrom is { } from)
        {
            And($"created >= {Value(UnixTime.Ceiling(from))}");
        }

        if (filter.CreatedTo is { } to)
        {
            And($"created <= {Value(UnixTime.Floor(to))}");
        }

        // A job that was never started has no duration: NULL, which fulfils neither bound.
        if (filter.MinDuration is { } min)
        {
            And($"coalesce(finished, {now}) - started >= {Value((long)Math.Ceiling(min.TotalMilliseconds))}");
        }

        if (filter.MaxDuration is { } max)
        {
            And($"coalesce(finished, {now}) - started <= {Value((long)Math.Floor(max.TotalMilliseconds))}");
        }

        if (filter.Parent is { } parent)
        {
            And($"parent = {Value(parent.Value)}");
        }

        if (filter.SeenBy is { IsAdministrator: false } caller)
        {
            And(caller.Name is { } owner ? $"(owner IS NULL OR owner = {Value(owner)})" : "owner IS NULL");
        }
    }

    private void GoOnAfter(JobId? last, long? created)
    {
        if (last is null)
        {
            return;
        }

        // The last job of the page before may have been removed since. Its id still tells about when it was made.
        And(created is null ? $"id < {Value(last.Value)}" : $"(created, id) < ({Value(created)}, {Value(last.Value)})");
    }

    private void AnyOf(string column, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            And($"{column} IN ({string.Join(", ", values.Distinct(StringComparer.Ordinal).Select(value => Value(value)))})");
        }
    }

    private void And(string condition) => _conditions.Append(_conditions.Length == 0 ? " WHERE " : " AND ").Append(condition);

    private string Value(object? value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@p{_values.Count}");
        _values.Add((name, value));
        return name;
    }
}
