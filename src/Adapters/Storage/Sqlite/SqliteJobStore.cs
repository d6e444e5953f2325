using System.Globalization;
using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Jobs of one node, in a database file.</summary>
/// <remarks>
/// What is flushed to disk before it returns, and so outlives a power cut: jobs that wait to be run (their callers have been told), every end, and
/// removals. What is only handed to the operating system, and so outlives the process: what would be found out again after a restart, which are the
/// starts (a job that starts at once has a caller who still waits), renewals, putting back and log lines.
/// </remarks>
internal sealed class SqliteJobStore(SqliteDatabase database, TimeProvider clock) : IJobStore
{
    private const bool Durable = true;
    private const bool Quick = false;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<AddOutcome> AddAsync(NewJob job, CancellationToken cancellationToken)
    {
        var addition = new JobAddition(job, Now);
        return database.WriteAsync(durable: job.StartAs is null, addition.Run, cancellationToken);
    }

    public Task<Job?> FindAsync(JobId id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, id), cancellationToken);

    public Task<JobPage> ListAsync(JobFilter filter, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var created = filter.After is { } last ? session.Number("SELECT created FROM jobs WHERE id = @id", ("@id", last.Value)) : null;
                var query = new JobListQuery(filter, "jobs", Now.ToString(CultureInfo.InvariantCulture), created);
                using var command = session.Once(query.Sql, query.Values);
                using var row = command.ExecuteReader();
                return JobListQuery.Read(row, filter.Limit);
            },
            cancellationToken);

    public Task<Job?> ClaimAsync(string lane, string worker, TimeSpan lease, IReadOnlyCollection<string>? processes, CancellationToken cancellationToken)
    {
        var names = processes is null ? null : StoredJson.WriteNames(processes);
        return database.WriteAsync(
            Quick,
            session => session.First(
                JobStatements.Claim, JobRow.Read, ("@now", Now), ("@worker", worker), ("@lease", Ms(lease)), ("@lane", lane), ("@processes", names)),
            cancellationToken);
    }

    /// <summary>The node that has the store runs whatever it takes in.</summary>
    public Task<QueuePlace?> FindPlaceAsync(JobId id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.Number(JobStatements.Before, ("@id", id.Value), ("@most", QueuePlace.Counted)) is { } before ? new QueuePlace((int)before, IsClaimable: true) : null,
            cancellationToken);

    public Task<DateTimeOffset?> NextDueAsync(string lane, IReadOnlyCollection<string>? processes, CancellationToken cancellationToken)
    {
        var names = processes is null ? null : StoredJson.WriteNames(processes);
        return database.ReadAsync(
            session => session.Number(JobStatements.NextDue, ("@lane", lane), ("@processes", names)) is { } due
                ? DateTimeOffset.FromUnixTimeMilliseconds(due)
                : (DateTimeOffset?)null,
            cancellationToken);
    }

    public Task<bool> RenewAsync(JobHold hold, TimeSpan lease, double progress, string? message, CancellationToken cancellationToken)
    {
        var percent = double.IsNaN(progress) ? 0 : Math.Clamp(progress, 0, 100);
        return ChangeAsync(Quick, JobStatements.Renew, hold, cancellationToken, ("@lease", Ms(lease)), ("@progress", percent), ("@message", message));
    }

    public Task<bool> SucceedAsync(JobHold hold, IReadOnlyList<OutputValue> outputs, CancellationToken cancellationToken) =>
        ChangeAsync(Durable, JobStatements.Succeed, hold, cancellationToken, ("@outputs", StoredJson.Write(outputs)));

    public Task<bool> SucceedFromAsync(JobHold hold, JobId source, IReadOnlyList<OutputValue> outputs, CancellationToken cancellationToken) => ChangeAsync(
        Durable,
        JobStatements.SucceedFrom,
        hold,
        cancellationToken,
        ("@outputs", StoredJson.Write(outputs)),
        ("@source", source.Value),
        ("@message", $"Answered from the results of job {source}"));

    public Task<Job?> FindRememberedAsync(string requestDigest, string? owner, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.First(
                JobStatements.FindRemembered, JobRow.Read, ("@digest", requestDigest), ("@owner", owner), ("@not_before", UnixTime.Ceiling(notBefore))),
            cancellationToken);

    public Task<bool> FailAsync(JobHold hold, JobFailure failure, CancellationToken cancellationToken) =>
        ChangeAsync(Durable, JobStatements.Fail, hold, cancellationToken, ("@failure", StoredJson.Write(failure)));

    public Task<bool> PutBackAsync(JobHold hold, string reason, TimeSpan delay, bool forgetAttempt, CancellationToken cancellationToken) =>
        ChangeAsync(
            Quick,
            JobStatements.PutBack,
            hold,
            cancellationToken,
            ("@delay", delay > TimeSpan.Zero ? Ms(delay) : null),
            ("@message", reason),
            ("@forgotten", forgetAttempt ? 1 : 0));

    public Task<DismissOutcome?> DismissAsync(JobId id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durable,
            session => session.First(JobStatements.Dismiss, JobRow.Read, ("@now", Now), ("@id", id.Value)) is { } dismissed
                ? new DismissOutcome(true, dismissed, WasRunning: dismissed.Started is not null) { Steps = DismissLeftSteps(session) }
                : Find(session, id) is { } ended ? new DismissOutcome(false, ended, WasRunning: false) : null,
            cancellationToken);

    public Task<IReadOnlyList<Job>> RecoverAsync(int maxAttempts, string? ofWorkersOtherThan, CancellationToken cancellationToken)
    {
        const string Reason = "Its worker was lost.";
        var failure = StoredJson.Write(new JobFailure(FailureKind.Lost, "The worker that ran the job was lost, in each attempt."));
        return database.WriteAsync<IReadOnlyList<Job>>(
            Durable,
            session =>
            {
                var recovered = session.All(
                    JobStatements.Recover,
                    JobRow.Read,
                    ("@max_attempts", maxAttempts),
                    ("@failure", failure),
                    ("@now", Now),
                    ("@message", Reason),
                    ("@worker", ofWorkersOtherThan));
                var steps = DismissLeftSteps(session);
                return [.. recovered.Where(job => steps.TrueForAll(step => step.Id != job.Id)), .. steps];
            },
            cancellationToken);
    }

    public Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durable,
            session =>
            {
                var removed = session.Number(JobStatements.Remove, ("@id", id.Value)) is not null;
                if (removed)
                {
                    session.Execute(JobStatements.RemoveLog, ("@id", id.Value));
                }

                return removed;
            },
            cancellationToken);

    public Task<IReadOnlyList<JobId>> ListStepsAsync(JobId chain, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JobId>>(
            session => session.All(JobStatements.Steps, row => JobRow.Id(row.GetString(0)), ("@parent", chain.Value)), cancellationToken);

    public Task<IReadOnlyList<JobId>> ListEndedBeforeAsync(DateTimeOffset before, int most, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JobId>>(
            session => session.All(
                JobStatements.EndedBefore, row => JobRow.Id(row.GetString(0)), ("@before", UnixTime.Ceiling(before)), ("@most", most)),
            cancellationToken);

    public Task AppendLogAsync(JobId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken) => entries.Count == 0
        ? Task.CompletedTask
        : database.WriteAsync(Quick, session => JobLog.Append(session, id, entries), cancellationToken);

    public Task<IReadOnlyList<LogEntry>> ReadLogAsync(JobId id, int skip, int most, CancellationToken cancellationToken) =>
        database.ReadAsync(session => JobLog.Read(session, id, skip, most), cancellationToken);

    public Task<IReadOnlyDictionary<string, QueueLength>> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<string, QueueLength>>(
            session => session
                .All(JobStatements.CountByLane, row => (Lane: row.GetString(0), Length: new QueueLength(row.GetInt32(1), row.GetInt32(2))))
                .ToDictionary(lane => lane.Lane, lane => lane.Length, StringComparer.Ordinal),
            cancellationToken);

    internal static Job? Find(SqliteSession session, JobId id) => session.First(JobStatements.Find, JobRow.Read, ("@id", id.Value));

    private List<Job> DismissLeftSteps(SqliteSession session) => session.All(JobStatements.DismissLeftSteps, JobRow.Read, ("@now", Now));

    private Task<bool> ChangeAsync(
        bool durable, string statement, JobHold hold, CancellationToken cancellationToken, params (string Name, object? Value)[] values) =>
        database.WriteAsync(
            durable,
            session => session.Number(
                statement,
                [("@id", hold.Id.Value), ("@attempt", hold.Attempt), ("@worker", hold.Worker), ("@now", Now), .. values]) is not null,
            cancellationToken);

    private static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;
}
