using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>Stores one new job: the key, the room in the queue and the row, in one transaction.</summary>
/// <param name="now">Milliseconds since 1970.</param>
internal sealed class JobAddition(NewJob job, long now)
{
    private const long KeyIsKeptMs = 24 * 60 * 60 * 1000;

    // Prepared by the caller's thread: all others wait for the one that writes.
    private readonly string? _attachments = StoredJson.Write(job.Request.Attachments);

    public AddOutcome Run(SqliteSession session)
    {
        if (Repeats(session) is { } repeated)
        {
            return repeated;
        }

        if (job.Parent is { } parent
            && session.Number(JobStatements.IsHeld, ("@id", parent.Id.Value), ("@attempt", parent.Attempt), ("@worker", parent.Worker)) is null)
        {
            return new AddOutcome.Orphaned();
        }

        // Who starts at once waits for nothing.
        if (job.StartAs is null && session.Number(JobStatements.CountWaiting, ("@lane", job.Lane)) is { } waiting && waiting >= job.MaxQueued)
        {
            return new AddOutcome.Full((int)waiting);
        }

        var added = StoredJob.Of(job, now);
        Insert(session, added);
        Remember(session);
        if (job.OwesCallback)
        {
            session.Execute("INSERT INTO callbacks (job_id, attempts, due) VALUES (@id, 0, @now)", ("@id", job.Id.Value), ("@now", now));
        }

        return new AddOutcome.Added(added);
    }

    private string KeyOwner => job.Owner ?? "";

    private AddOutcome? Repeats(SqliteSession session)
    {
        if (job.Idempotency is not { } idempotency)
        {
            return null;
        }

        var known = session.First(
            JobStatements.FindKey,
            row => Tuple.Create(row.GetString(0), row.GetString(1)),
            ("@owner", KeyOwner),
            ("@key", idempotency.Key),
            ("@now", now));
        return known switch
        {
            null => null,
            var (digest, _) when digest != idempotency.BodyDigest => new AddOutcome.KeyReused(),
            var (_, id) => SqliteJobStore.Find(session, JobRow.Id(id)) is { } first ? new AddOutcome.Repeated(first) : null,
        };
    }

    private void Insert(SqliteSession session, Job added)
    {
        var running = added.State as JobState.Running;
        session.Execute(
            JobStatements.Insert,
            ("@id", added.Id.Value),
            ("@process", added.ProcessId),
            ("@lane", added.Lane),
            ("@owner", added.Owner),
            ("@priority", added.Priority),
            ("@status", JobStatusText.Of(added.State.Status)),
            ("@attempt", added.Attempt),
            ("@now", now),
            ("@started", running?.Started.ToUnixTimeMilliseconds()),
            ("@worker", running?.Worker),
            ("@lease_until", running?.LeaseUntil.ToUnixTimeMilliseconds()),
            ("@base_address", added.Request.BaseAddress),
            ("@attachments", _attachments),
            ("@request", added.Request.Json),
            ("@request_digest", job.RequestDigest),
            ("@parent", added.Parent?.Value),
            ("@administered", added.IsAdministered));
    }

    private void Remember(SqliteSession session)
    {
        if (job.Idempotency is not { } idempotency)
        {
            return;
        }

        session.Execute(JobStatements.ForgetExpiredKeys, ("@now", now));
        session.Execute(
            JobStatements.RememberKey,
            ("@owner", KeyOwner),
            ("@key", idempotency.Key),
            ("@digest", idempotency.BodyDigest),
            ("@id", job.Id.Value),
            ("@expires", now + KeyIsKeptMs));
    }
}
