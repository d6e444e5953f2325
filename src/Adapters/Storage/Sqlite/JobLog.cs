using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>The log lines of a job: numbered from 1, at most <see cref="JobLogLimits.MostLines"/>.</summary>
/// <remarks>The first ones are kept and not the last ones, because readers count lines to go on where they stopped.</remarks>
internal static class JobLog
{
    /// <returns>Lines written. A job that is gone has no log any more.</returns>
    public static int Append(SqliteSession session, JobId id, IReadOnlyList<LogEntry> entries)
    {
        var length = (int)(session.Number(JobStatements.LogLength, ("@id", id.Value)) ?? 0);
        var written = 0;
        foreach (var entry in entries.Take(JobLogLimits.MostLines - length))
        {
            length++;
            written += Write(session, id, length, length == JobLogLimits.MostLines ? entry with { Level = "warning", Text = JobLogLimits.LeftOut } : entry);
        }

        return written;
    }

    public static IReadOnlyList<LogEntry> Read(SqliteSession session, JobId id, int skip, int most) => session.All(
        JobStatements.ReadLog,
        row => new LogEntry(JobRow.Time(row, 0), row.GetInt32(1), row.GetString(2), row.GetString(3)),
        ("@id", id.Value),
        ("@skip", skip),
        ("@most", most));

    private static int Write(SqliteSession session, JobId id, int number, LogEntry entry) => session.Execute(
        JobStatements.AppendLog,
        ("@id", id.Value),
        ("@number", number),
        ("@at", entry.At.ToUnixTimeMilliseconds()),
        ("@attempt", entry.Attempt),
        ("@level", entry.Level),
        ("@text", entry.Text));
}
