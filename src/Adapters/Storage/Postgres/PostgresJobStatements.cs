using GeoWps.Adapters.Storage.Stored;
using static GeoWps.Adapters.Storage.Stored.JobStatusText;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>The statements on jobs. Each transition is one statement that names what it expects, so that there is nothing between look and leap.</summary>
internal static class PostgresJobStatements
{
    private const string Now = "geowps.now_ms()";

    /// <summary>Whoever holds a job: the three must be as they were when it was claimed.</summary>
    private const string Held = $"id = @id AND status = '{Running}' AND attempt = @attempt AND worker = @worker";

    private const string NoLongerHeld = "worker = NULL, lease_until = NULL";

    public const string Add =
        """
        SELECT outcome, at, other, waiting FROM geowps.add_job(@id, @process, @lane, @owner, @priority, @max_queued, @worker, @lease, @base_address, @attachments, @request,
            @request_digest, @parent, @administered, @parent_attempt, @parent_worker, @key, @key_digest, @callback_node, @callback_lease, @alone)
        """;

    public const string Find = $"SELECT {JobRow.Columns} FROM geowps.jobs WHERE id = @id";

    public const string Claim = $"SELECT {JobRow.Columns} FROM geowps.claim_job(@lane, @worker, @lease, @processes::text[])";

    public const string Place = "SELECT before, claimable FROM geowps.place_of_job(@id, @most)";

    public const string FailUnclaimable = $"SELECT {JobRow.Columns} FROM geowps.fail_unclaimable(@after, @failure)";

    // Times that have come count too: else a job whose time comes between a vain claim and this question would be forgotten.
    public const string NextDue =
        $"""
        SELECT min(not_before) FROM geowps.jobs
        WHERE lane = @lane AND status = '{Accepted}' AND not_before IS NOT NULL AND (@processes::text[] IS NULL OR process = ANY (@processes::text[]))
        """;

    public const string Renew =
        $"UPDATE geowps.jobs SET lease_until = {Now} + @lease, progress = @progress, message = coalesce(@message, message), updated = {Now} WHERE {Held}";

    public const string Succeed =
        $"""
        UPDATE geowps.jobs SET status = '{Successful}', finished = {Now}, updated = {Now}, progress = 100, outputs = @outputs, message = NULL, {NoLongerHeld}
        WHERE {Held}
        """;

    public const string SucceedFrom =
        $"""
        UPDATE geowps.jobs
        SET status = '{Successful}', finished = {Now}, updated = {Now}, progress = 100, outputs = @outputs, message = @message, derived_from = @source, {NoLongerHeld}
        WHERE {Held} AND EXISTS (SELECT FROM geowps.jobs AS source WHERE source.id = @source AND source.status = '{Successful}')
        """;

    public const string Fail = $"UPDATE geowps.jobs SET status = '{Failed}', finished = {Now}, updated = {Now}, failure = @failure, {NoLongerHeld} WHERE {Held}";

    /// <summary>Whether this attempt was the one that ended so.</summary>
    public const string HasEnded = "SELECT 1 FROM geowps.jobs WHERE id = @id AND attempt = @attempt AND status = @status";

    public const string FindRemembered =
        $"""
        SELECT {JobRow.Columns} FROM geowps.jobs
        WHERE request_digest = @digest AND status = '{Successful}' AND finished >= @not_before AND (owner IS NULL OR owner = @owner)
        ORDER BY finished DESC, id DESC
        LIMIT 1
        """;

    // Told in the same transaction: another node may have a place free.
    public const string PutBack =
        $"""
        WITH back AS (
            UPDATE geowps.jobs
            SET status = '{Accepted}', started = NULL, updated = {Now}, not_before = {Now} + @delay::bigint, progress = 0, message = @message,
                attempt = attempt - @forgotten, {NoLongerHeld}
            WHERE {Held}
            RETURNING lane)
        SELECT 1, pg_notify('geowps', '- accepted ' || lane) FROM back
        """;

    public const string Dismiss = $"SELECT {JobRow.Columns} FROM geowps.dismiss_job(@id)";

    public const string Steps = "SELECT id FROM geowps.jobs WHERE parent = @parent ORDER BY id";

    public const string Recover = $"SELECT {JobRow.Columns} FROM geowps.recover_jobs(@max_attempts, @failure, @message, @worker)";

    public const string Remove = $"DELETE FROM geowps.jobs WHERE id = @id AND status NOT IN ('{Accepted}', '{Running}')";

    public const string EndedBefore =
        """
        SELECT id FROM geowps.jobs
        WHERE finished IS NOT NULL AND finished < @before
            AND (parent IS NULL OR NOT EXISTS (SELECT FROM geowps.jobs AS chain WHERE chain.id = jobs.parent))
        ORDER BY finished, id
        LIMIT @most
        """;

    public const string CountByLane =
        $"""
        SELECT lane, count(*) FILTER (WHERE status = '{Accepted}'), count(*) FILTER (WHERE status = '{Running}')
        FROM geowps.jobs WHERE status IN ('{Accepted}', '{Running}') GROUP BY lane
        """;

    public const string AppendLog = "SELECT geowps.append_log(@id, @ats, @attempts, @levels, @texts, @most, @left_out, @node)";

    public const string ReadLog = "SELECT at, attempt, level, text FROM geowps.job_log WHERE job_id = @id AND number > @skip ORDER BY number LIMIT @most";
}
