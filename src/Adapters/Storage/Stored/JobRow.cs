using System.Data.Common;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>A row of the table <c>jobs</c> as a job.</summary>
internal static class JobRow
{
    /// <summary>What <see cref="Read"/> expects to be selected or returned, in this order.</summary>
    public const string Columns =
        "id, process, lane, owner, priority, status, attempt, created, updated, started, finished, not_before, worker, lease_until, "
        + "progress, message, base_address, failure, outputs, attachments, request, derived_from, parent, administered";

    public static Job Read(DbDataReader row) => new()
    {
        Id = Id(row.GetString(0)),
        ProcessId = row.GetString(1),
        Lane = row.GetString(2),
        Owner = Text(row, 3),
        IsAdministered = row.GetBoolean(23),
        Priority = row.GetInt32(4),
        State = State(row),
        Attempt = row.GetInt32(6),
        Created = Time(row, 7),
        Updated = Time(row, 8),
        Progress = row.GetDouble(14),
        Message = Text(row, 15),
        Parent = Text(row, 22) is { } parent ? Id(parent) : null,
        Request = new JobRequest(row.GetString(20), StoredJson.ReadAttachments(Text(row, 19)), row.GetString(16)),
        DerivedFrom = Text(row, 21) is { } source ? Id(source) : null,
        Outputs = Text(row, 18) is { } outputs ? StoredJson.ReadOutputs(outputs) : [],
    };

    public static JobId Id(string text) =>
        JobId.TryParse(text, out var id) ? id : throw new InvalidDataException($"'{text}' is the id of no job.");

    public static DateTimeOffset Time(DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static JobState State(DbDataReader row) => JobStatusText.Parse(row.GetString(5)) switch
    {
        JobStatus.Accepted => new JobState.Accepted(TimeOrNone(row, 11)),
        JobStatus.Running => new JobState.Running(Time(row, 9), row.GetString(12), Time(row, 13)),
        JobStatus.Successful => new JobState.Successful(Time(row, 9), Time(row, 10)),
        JobStatus.Failed => new JobState.Failed(TimeOrNone(row, 9), Time(row, 10), StoredJson.ReadFailure(row.GetString(17))),
        JobStatus.Dismissed => new JobState.Dismissed(TimeOrNone(row, 9), Time(row, 10)),
    };

    private static DateTimeOffset? TimeOrNone(DbDataReader row, int column) => row.IsDBNull(column) ? null : Time(row, column);

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
