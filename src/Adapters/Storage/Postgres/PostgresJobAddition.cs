using System.Data.Common;
using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>What <c>geowps.add_job</c> is given and answers.</summary>
/// <param name="At">When it was stored: milliseconds since 1970.</param>
/// <param name="Other">The job that came first with the same key.</param>
/// <param name="Waiting">How many wait in its lane.</param>
internal sealed record PostgresJobAddition(string Outcome, long At, string? Other, long Waiting)
{
    public static PostgresJobAddition Read(DbDataReader row) =>
        new(row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? 0 : row.GetInt64(3));

    public static (string Name, object? Value)[] Values(NewJob job, string node, bool alone) =>
    [
        ("@id", job.Id.Value),
        ("@process", job.ProcessId),
        ("@lane", job.Lane),
        ("@owner", job.Owner),
        ("@priority", job.Priority),
        ("@max_queued", job.MaxQueued),
        ("@worker", job.StartAs?.Worker),
        ("@lease", job.StartAs is var (_, lease) ? (long)lease.TotalMilliseconds : null),
        ("@base_address", job.Request.BaseAddress),
        ("@attachments", StoredJson.Write(job.Request.Attachments)),
        ("@request", job.Request.Json),
        ("@request_digest", job.RequestDigest),
        ("@parent", job.Parent?.Id.Value),
        ("@administered", job.IsAdministered),
        ("@parent_attempt", job.Parent?.Attempt),
        ("@parent_worker", job.Parent?.Worker),
        ("@key", job.Idempotency?.Key),
        ("@key_digest", job.Idempotency?.BodyDigest),
        ("@callback_node", job.OwesCallback ? node : null),
        ("@callback_lease", PostgresCallbackOutbox.LeaseMs),
        ("@alone", alone),
    ];
}
