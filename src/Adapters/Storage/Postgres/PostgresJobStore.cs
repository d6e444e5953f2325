using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// Jobs of all nodes. Times are the database's own. What several look at before they leap is a function of the schema (<c>002-jobs.sql</c>), so that each transition
/// is one statement and one way there and back.
/// </summary>
internal sealed class PostgresJobStore(PostgresDatabase database) : IJobStore
{
    private const bool Repeat = true;
    private const bool Once = false;

    public bool IsShared => true;

    public Task<AddOutcome> AddAsync(NewJob job, CancellationToken cancellationToken) => AddAsync(job, alone: false, cancellationToken);

    private async Task<AddOutcome> AddAsync(NewJob job, bool alone, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var stored = await database.FirstAsync(PostgresJobStatements.Add, PostgresJobAddition.Read, Once, cancellationToken, PostgresJobAddition.Values(job, database.Node, alone));
        return stored!.Outcome switch
        {
            "added" => new AddOutcome.Added(StoredJob.Of(job, stored.At)),
            "repeated" when await FindAsync(JobRow.Id(stored.Other!), cancellationToken) is { } first => new AddOutcome.Repeated(first),
            // It was removed since.
            "repeated" => await AddAsync(job, cancellationToken),
            // Only the last places are given away one after the other.
            "near" => await AddAsync(job, alone: true, cancellationToken),
            "reused" => new AddOutcome.KeyReused(),
            "full" => new AddOutcome.Full((int)stored.Waiting),
            "orphaned" => new AddOutcome.Orphaned(),
            var other => throw new InvalidDataException($"'{other}' is no outcome."),
        };
    }

    public Task<Job?> FindAsync(JobId id, CancellationToken cancellationToken) =>
        database.FirstAsync(PostgresJobStatements.Find, JobRow.Read, Repeat, cancellationToken, ("@id", id.Value));

    public Task<JobPage> ListAsync(JobFilter filter, CancellationToken cancellationToken) => PostgresJobList.ReadAsync(database, filter, cancellationToken);

    /// <summary>When the answer is lost, the job's lease ends, and it starts again.</summary>
    public Task<Job?> ClaimAsync(string lane, string worker, TimeSpan lease, IReadOnlyCollection<string>? processes, CancellationToken cancellationToken) => database.FirstAsync(
        PostgresJobStatements.Claim,
        JobRow.Read,
        Once,
        cancellationToken,
        ("@lane", lane),
        ("@worker", worker),
        ("@lease", Ms(lease)),
        ("@processes", ArrayOf(processes)));

    public async Task<QueuePlace?> FindPlaceAsync(JobId id, CancellationToken cancellationToken) => await database.FirstAsync(
        PostgresJobStatements.Place, row => new QueuePlace(row.GetInt32(0), row.GetBoolean(1)), Repeat, cancellationToken, ("@id", id.Value), ("@most", QueuePlace.Counted));

    public async Task<DateTimeOffset?> NextDueAsync(string lane, IReadOnlyCollection<string>? processes, CancellationToken cancellationToken) =>
        await database.ValueAsync(PostgresJobStatements.NextDue, Repeat, cancellationToken, ("@lane", lane), ("@processes", ArrayOf(processes))) is long due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;

    public async Task<bool> RenewAsync(JobHold hold, TimeSpan lease, double progress, string? message, CancellationToken cancellationToken)
    {
        var percent = double.IsNaN(progress) ? 0 : Math.Clamp(progress, 0, 100);
        return await database.ExecuteAsync(
            PostgresJobStatements.Renew, Repeat, cancellationToken, [.. Held(hold), ("@lease", Ms(lease)), ("@progress", percent), ("@message", message)]) > 0;
    }

    public Task<bool> SucceedAsync(JobHold hold, IReadOnlyList<OutputValue> outputs, CancellationToken cancellationToken) =>
        EndAsync(PostgresJobStatements.Succeed, JobStatusText.Successful, hold, cancellationToken, ("@outputs", StoredJson.Write(outputs)));

    public Task<bool> SucceedFromAsync(JobHold hold, JobId source, IReadOnlyList<OutputValue> outputs, CancellationToken cancellationToken) => EndAsync(
        PostgresJobStatements.SucceedFrom,
        JobStatusText.Successful,
        hold,
        cancellationToken,
        ("@outputs", StoredJson.Write(outputs)),
        ("@source", source.Value),
        ("@message", $"Answered from the results of job {source}"));

    public Task<Job?> FindRememberedAsync(string requestDigest, string? owner, DateTimeOffset notBefore, CancellationToken cancellationToken) => database.FirstAsync(
        PostgresJobStatements.FindRemembered, JobRow.Read, Repeat, cancellationToken, ("@digest", requestDigest), ("@owner", owner), ("@not_before", UnixTime.Ceiling(notBefore)));

    public Task<bool> FailAsync(JobHold hold, JobFailure failure, CancellationToken cancellationToken) =>
        EndAsync(PostgresJobStatements.Fail, JobStatusText.Failed, hold, cancellationToken, ("@failure", StoredJson.Write(failure)));

    public async Task<bool> PutBackAsync(JobHold hold, string reason, TimeSpan delay, bool forgetAttempt, CancellationToken cancellationToken) =>
        await database.ValueAsync(
            PostgresJobStatements.PutBack,
            Once,
            cancellationToken,
            [.. Held(hold), ("@delay", delay > TimeSpan.Zero ? Ms(delay) : null), ("@message", reason), ("@forgotten", forgetAttempt ? 1 : 0)]) is not null;

    public async Task<DismissOutcome?> DismissAsync(JobId id, CancellationToken cancellationToken)
    {
        var dismissed = await database.AllAsync(PostgresJobStatements.Dismiss, JobRow.Read, Once, cancellationToken, ("@id", id.Value));
        return dismissed.Find(job => job.Id == id) is { } job
            ? new DismissOutcome(true, job, WasRunning: job.Started is not null) { Steps = [.. dismissed.Where(step => step.Id != id)] }
            : await FindAsync(id, cancellationToken) is { } ended ? new DismissOutcome(false, ended, WasRunning: false) : null;
    }

    public async Task<IReadOnlyList<Job>> RecoverAsync(int maxAttempts, string? ofWorkersOtherThan, CancellationToken cancellationToken) => await database.AllAsync(
        PostgresJobStatements.Recover,
        JobRow.Read,
        Repeat,
        cancellationToken,
        ("@max_attempts", maxAttempts),
        ("@failure", StoredJson.Write(new JobFailure(FailureKind.Lost, "The worker that ran the job was lost, in each attempt."))),
        ("@message", "Its worker was lost."),
        ("@worker", ofWorkersOtherThan));

    public async Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(PostgresJobStatements.Remove, Repeat, cancellationToken, ("@id", id.Value)) > 0;

    public async Task<IReadOnlyList<JobId>> ListStepsAsync(JobId chain, CancellationToken cancellationToken) =>
        await database.AllAsync(PostgresJobStatements.Steps, row => JobRow.Id(row.GetString(0)), Repeat, cancellationToken, ("@parent", chain.Value));

    public async Task<IReadOnlyList<JobId>> ListEndedBeforeAsync(DateTimeOffset before, int most, CancellationToken cancellationToken) => await database.AllAsync(
        PostgresJobStatements.EndedBefore, row => JobRow.Id(row.GetString(0)), Repeat, cancellationToken, ("@before", UnixTime.Ceiling(before)), ("@most", most));

    /// <summary>When the answer is lost, the caller tries again: lines may come twice, none is missing.</summary>
    public Task AppendLogAsync(JobId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken) => entries.Count == 0
        ? Task.CompletedTask
        : database.ExecuteAsync(
            PostgresJobStatements.AppendLog,
            Once,
            cancellationToken,
            ("@id", id.Value),
            ("@ats", entries.Select(entry => entry.At.ToUnixTimeMilliseconds()).ToArray()),
            ("@attempts", entries.Select(entry => entry.Attempt).ToArray()),
            ("@levels", entries.Select(entry => entry.Level).ToArray()),
            ("@texts", entries.Select(entry => entry.Text).ToArray()),
            ("@most", JobLogLimits.MostLines),
            ("@left_out", JobLogLimits.LeftOut),
            ("@node", database.Node));

    public async Task<IReadOnlyList<LogEntry>> ReadLogAsync(JobId id, int skip, int most, CancellationToken cancellationToken) => await database.AllAsync(
        PostgresJobStatements.ReadLog,
        row => new LogEntry(JobRow.Time(row, 0), row.GetInt32(1), row.GetString(2), row.GetString(3)),
        Repeat,
        cancellationToken,
        ("@id", id.Value),
        ("@skip", skip),
        ("@most", most));

    public async Task<IReadOnlyDictionary<string, QueueLength>> CountAsync(CancellationToken cancellationToken)
    {
        var lanes = await database.AllAsync(
            PostgresJobStatements.CountByLane, row => (Lane: row.GetString(0), Length: new QueueLength((int)row.GetInt64(1), (int)row.GetInt64(2))), Repeat, cancellationToken);
        return lanes.ToDictionary(lane => lane.Lane, lane => lane.Length, StringComparer.Ordinal);
    }

    /// <summary>An end whose answer was lost is looked for: nobody else ends this attempt so.</summary>
    private async Task<bool> EndAsync(string statement, string status, JobHold hold, CancellationToken cancellationToken, params (string Name, object? Value)[] values)
    {
        var tries = 0;
        return await database.RunAsync(
            async connection =>
            {
                tries++;
                await using var command = PostgresDatabase.Command(connection, statement, [.. Held(hold), .. values]);
                if (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
                {
                    return true;
                }

                if (tries == 1)
                {
                    return false;
                }

                await using var look = PostgresDatabase.Command(
                    connection, PostgresJobStatements.HasEnded, [("@id", hold.Id.Value), ("@attempt", hold.Attempt), ("@status", status)]);
                return await look.ExecuteScalarAsync(cancellationToken) is not null;
            },
            Repeat,
            cancellationToken);
    }

    private static (string Name, object? Value)[] Held(JobHold hold) => [("@id", hold.Id.Value), ("@attempt", hold.Attempt), ("@worker", hold.Worker)];

    private static string[]? ArrayOf(IReadOnlyCollection<string>? names) => names as string[] ?? names?.ToArray();

    private static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;
}
