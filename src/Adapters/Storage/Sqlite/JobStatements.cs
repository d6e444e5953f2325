using GeoWps.Adapters.Storage.Stored;
using static GeoWps.Adapters.Storage.Stored.JobStatusText;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>The statements on jobs. Each transition is one statement that names what it expects, so that there is nothing between look and leap.</summary>
internal static class JobStatements
{
    /// <summary>Whoever holds a job: the three must be as they were when it was claimed.</summary>
    private const string Held = $"id = @id AND status = '{Running}' AND attempt = @attempt AND worker = @worker";

    private const string NoLongerHeld = "worker = NULL, lease_until = NULL";

    public const string Insert =
        $"""
        INSERT INTO jobs (id, process, lane, owner, priority, status, attempt, created, updated, started, worker, lease_until,
            progress, base_address, attachments, request, request_digest, parent, administered)
        VALUES (@id, @process, @lane, @owner, @priority, @status, @attempt, @now, @now, @started, @worker, @lease_until,
            0, @base_address, @attachments, @request, @request_digest, @parent, @administered)
        """;

    public const string Find = $"SELECT {JobRow.Columns} FROM jobs WHERE id = @id";

    public const string IsHeld = $"SELECT 1 FROM jobs WHERE {Held}";

    public const string CountWaiting = $"SELECT count(*) FROM jobs WHERE lane = @lane AND status = '{Accepted}'";

    /// <summary>Whose turn it is: nobody's jobs are one caller's.</summary>
    private const string Caller = "coalesce(owner, '')";

    private const string Claimable =
        $"lane = @lane AND status = '{Accepted}' AND (not_before IS NULL OR not_before <= @now) AND (@processes IS NULL OR process IN (SELECT value FROM json_each(@processes)))";

    // By priority, then of the caller who has the fewest running, then by age. Each caller by one look into the index (013), however many of its jobs wait.
    public const string Claim =
        $"""
        WITH RECURSIVE level AS MATERIALIZED (SELECT priority FROM jobs WHERE {Claimable} ORDER BY priority DESC LIMIT 1), line (caller) AS (
            SELECT min({Caller}) FROM jobs WHERE lane = @lane AND status = '{Accepted}' AND priority = (SELECT priority FROM level)
            UNION ALL
            SELECT (SELECT min({Caller}) FROM jobs WHERE lane = @lane AND status = '{Accepted}' AND priority = (SELECT priority FROM level) AND {Caller} > line.caller)
            FROM line WHERE line.caller IS NOT NULL
        ), firsts AS (
            SELECT
                (SELECT id FROM jobs WHERE {Claimable} AND priority = (SELECT priority FROM level) AND {Caller} = line.caller ORDER BY created, id LIMIT 1) AS id,
                (SELECT count(*) FROM jobs WHERE lane = @lane AND status = '{Running}' AND {Caller} = line.caller) AS busy
            FROM line WHERE line.caller IS NOT NULL
        )
        UPDATE jobs
        SET status = '{Running}', attempt = attempt + 1, started = @now, updated = @now, not_before = NULL, worker = @worker,
            lease_until = @now + @lease, progress = 0
        WHERE id = (SELECT jobs.id FROM firsts JOIN jobs ON jobs.id = firsts.id ORDER BY firsts.busy, jobs.created, jobs.id LIMIT 1)
        RETURNING {JobRow.Columns}
        """;

    // How many are taken before it when nothing else comes and nothing ends. A caller's job is taken when that one has as many running as its place in the caller's own line,
    // and those that run, make (what is more urgent runs by then). It reads what waits beside it, which Jobs:MaxQueued bounds.
    public const string Before =
        $"""
        WITH mine AS MATERIALIZED (SELECT id, lane, priority, created FROM jobs WHERE id = @id AND status = '{Accepted}'), busy AS MATERIALIZED (
            SELECT {Caller} AS caller, count(*) AS jobs FROM jobs
            WHERE lane = (SELECT lane FROM mine) AND (status = '{Running}' OR (status = '{Accepted}' AND priority > (SELECT priority FROM mine)))
            GROUP BY {Caller}
        ), line AS MATERIALIZED (
            SELECT waiting.id, waiting.created, waiting.place + coalesce(busy.jobs, 0) AS turn FROM (
                SELECT id, created, {Caller} AS caller, row_number() OVER (PARTITION BY {Caller} ORDER BY created, id) AS place FROM jobs
                WHERE lane = (SELECT lane FROM mine) AND status = '{Accepted}' AND priority = (SELECT priority FROM mine)) AS waiting
            LEFT JOIN busy ON busy.caller = waiting.caller
        )
        SELECT min(@most + 1,
            (SELECT count(*) FROM jobs WHERE lane = mine.lane AND status = '{Accepted}' AND priority > mine.priority)
            + (SELECT count(*) FROM line AS own CROSS JOIN line AS other WHERE own.id = mine.id AND (other.turn, other.created, other.id) < (own.turn, own.created, own.id)))
        FROM mine
        """;

    // Times that have come count too: else a job whose time comes between a vain claim and this question would be forgotten.
    public const string NextDue =
        $"""
        SELECT min(not_before) FROM jobs
        WHERE lane = @lane AND status = '{Accepted}' AND not_before IS NOT NULL AND (@processes IS NULL OR process IN (SELECT value FROM json_each(@processes)))
        """;

    public const string Renew =
        $"""
        UPDATE jobs SET lease_until = @now + @lease, progress = @progress, message = coalesce(@message, message), updated = @now
        WHERE {Held}
        RETURNING 1
        """;

    public const string Succeed =
        $"""
        UPDATE jobs
        SET status = '{Successful}', finished = @now, updated = @now, progress = 100, outputs = @outputs, message = NULL, {NoLongerHeld}
        WHERE {Held}
        RETURNING 1
        """;

    public const string SucceedFrom =
        $"""
        UPDATE jobs
        SET status = '{Successful}', finished = @now, updated = @now, progress = 100, outputs = @outputs, message = @message, derived_from = @source, {NoLongerHeld}
        WHERE {Held} AND EXISTS (SELECT 1 FROM jobs AS source WHERE source.id = @source AND source.status = '{Successful}')
        RETURNING 1
        """;

    public const string FindRemembered =
        $"""
        SELECT {JobRow.Columns} FROM jobs
        WHERE request_digest = @digest AND status = '{Successful}' AND finished >= @not_before AND (owner IS NULL OR owner = @owner)
        ORDER BY finished DESC, id DESC
        LIMIT 1
        """;

    public const string Fail =
        $"""
        UPDATE jobs SET status = '{Failed}', finished = @now, updated = @now, failure = @failure, {NoLongerHeld}
        WHERE {Held}
        RETURNING 1
        """;

    public const string PutBack =
        $"""
        UPDATE jobs
        SET status = '{Accepted}', started = NULL, updated = @now, not_before = @now + @delay, progress = 0, message = @message,
            attempt = attempt - @forgotten, {NoLongerHeld}
        WHERE {Held}
        RETURNING 1
        """;

    // A job that had not been started has no start: that tells afterwards whether it was running.
    public const string Dismiss =
        $"""
        UPDATE jobs SET status = '{Dismissed}', finished = @now, updated = @now, not_before = NULL, {NoLongerHeld}
        WHERE id = @id AND status IN ('{Accepted}', '{Running}')
        RETURNING {JobRow.Columns}
        """;

    // Whatever a chain may have become: as soon as it does not run, nobody waits for its steps.
    public const string DismissLeftSteps =
        $"""
        UPDATE jobs SET status = '{Dismissed}', finished = @now, updated = @now, not_before = NULL, {NoLongerHeld}
        WHERE parent IS NOT NULL AND status IN ('{Accepted}', '{Running}')
            AND NOT EXISTS (SELECT 1 FROM jobs AS chain WHERE chain.id = jobs.parent AND chain.status = '{Running}')
        RETURNING {JobRow.Columns}
        """;

    public const string Steps = "SELECT id FROM jobs WHERE parent = @parent ORDER BY id";

    public const string Recover =
        $"""
        UPDATE jobs
        SET status = CASE WHEN attempt >= @max_attempts THEN '{Failed}' ELSE '{Accepted}' END,
            failure = CASE WHEN attempt >= @max_attempts THEN @failure END,
            finished = CASE WHEN attempt >= @max_attempts THEN @now END,
            started = CASE WHEN attempt >= @max_attempts THEN started END,
            progress = CASE WHEN attempt >= @max_attempts THEN progress ELSE 0 END,
            updated = @now, message = @message, {NoLongerHeld}
        WHERE status = '{Running}' AND (lease_until <= @now OR worker <> @worker)
        RETURNING {JobRow.Columns}
        """;

    public const string Remove = $"DELETE FROM jobs WHERE id = @id AND status NOT IN ('{Accepted}', '{Running}') RETURNING 1";

    public const string RemoveLog = "DELETE FROM log WHERE job_id = @id";

    public const string EndedBefore =
        """
        SELECT id FROM jobs
        WHERE finished IS NOT NULL AND finished < @before
            AND (parent IS NULL OR NOT EXISTS (SELECT 1 FROM jobs AS chain WHERE chain.id = jobs.parent))
        ORDER BY finished, id
        LIMIT @most
        """;

    public const string CountByLane =
        $"""
        SELECT lane, sum(waiting), sum(running) FROM
            (SELECT lane, count(*) AS waiting, 0 AS running FROM jobs WHERE status = '{Accepted}' GROUP BY lane
            UNION ALL
            SELECT lane, 0, count(*) FROM jobs WHERE status = '{Running}' GROUP BY lane)
        GROUP BY lane
        """;

    public const string ForgetExpiredKeys = "DELETE FROM idempotency WHERE expires <= @now";

    public const string FindKey = "SELECT digest, job_id FROM idempotency WHERE owner = @owner AND key = @key AND expires > @now";

    public const string RememberKey =
        "INSERT OR REPLACE INTO idempotency (owner, key, digest, job_id, expires) VALUES (@owner, @key, @digest, @id, @expires)";

    public const string LogLength = "SELECT max(number) FROM log WHERE job_id = @id";

    public const string AppendLog =
        """
        INSERT INTO log (job_id, number, at, attempt, level, text)
        SELECT @id, @number, @at, @attempt, @level, @text WHERE EXISTS (SELECT 1 FROM jobs WHERE id = @id)
        """;

    public const string ReadLog = "SELECT at, attempt, level, text FROM log WHERE job_id = @id AND number > @skip ORDER BY number LIMIT @most";
}
