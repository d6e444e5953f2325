-- The time, by this server's clock alone: milliseconds since 1970-01-01T00:00Z, the same throughout a transaction.
CREATE FUNCTION geowps.now_ms() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT floor(extract(epoch FROM now()) * 1000)::bigint $$;

-- The row is the queue. Times are as above; leases count in milliseconds.
CREATE TABLE geowps.jobs (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    process text COLLATE "C" NOT NULL,
    lane text COLLATE "C" NOT NULL,
    owner text COLLATE "C",
    priority integer NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('accepted', 'running', 'successful', 'failed', 'dismissed')),
    attempt integer NOT NULL,
    created bigint NOT NULL,
    updated bigint NOT NULL,
    started bigint,
    finished bigint,
    not_before bigint,
    worker text COLLATE "C",
    lease_until bigint,
    progress double precision NOT NULL,
    message text,
    base_address text NOT NULL,
    failure text,
    outputs text,
    attachments text,
    request text NOT NULL,
    request_digest text COLLATE "C",
    derived_from text COLLATE "C",
    parent text COLLATE "C",
    administered boolean NOT NULL,

    -- For the queue: what comes first, and in whose name.
    urgency integer NOT NULL GENERATED ALWAYS AS (-priority) STORED,
    caller text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(owner, '')) STORED,

    -- A state has its own columns and no other's.
    CHECK ((worker IS NOT NULL) = (status = 'running')),
    CHECK ((lease_until IS NOT NULL) = (status = 'running')),
    CHECK ((finished IS NOT NULL) = (status IN ('successful', 'failed', 'dismissed'))),
    CHECK (started IS NOT NULL OR status NOT IN ('running', 'successful')),
    CHECK (started IS NULL OR status <> 'accepted'),
    CHECK (not_before IS NULL OR status = 'accepted'),
    CHECK ((failure IS NOT NULL) = (status = 'failed')),
    CHECK ((outputs IS NOT NULL) = (status = 'successful'))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX jobs_by_created ON geowps.jobs (created, id);
CREATE INDEX jobs_by_status ON geowps.jobs (status, created, id);
CREATE INDEX jobs_by_process ON geowps.jobs (process, created, id);
CREATE INDEX jobs_waiting ON geowps.jobs (lane, urgency, caller, created, id) WHERE status = 'accepted';
CREATE INDEX jobs_due ON geowps.jobs (lane, not_before) WHERE status = 'accepted' AND not_before IS NOT NULL;
CREATE INDEX jobs_running ON geowps.jobs (lane, caller) WHERE status = 'running';
CREATE INDEX jobs_ended ON geowps.jobs (finished, id) WHERE finished IS NOT NULL;
CREATE INDEX jobs_remembered ON geowps.jobs (request_digest, finished) WHERE request_digest IS NOT NULL AND status = 'successful';
CREATE INDEX jobs_by_parent ON geowps.jobs (parent, id) WHERE parent IS NOT NULL;
CREATE INDEX jobs_open_steps ON geowps.jobs (parent) WHERE parent IS NOT NULL AND status IN ('accepted', 'running');

-- Keys outlive their jobs. Nobody's keys have the owner ''.
CREATE TABLE geowps.idempotency (
    owner text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    digest text NOT NULL,
    job_id text COLLATE "C" NOT NULL,
    expires bigint NOT NULL,
    PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_by_expiry ON geowps.idempotency (expires);

CREATE TABLE geowps.job_log (
    job_id text COLLATE "C" NOT NULL REFERENCES geowps.jobs ON DELETE CASCADE,
    number integer NOT NULL,
    at bigint NOT NULL,
    attempt integer NOT NULL,
    level text NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (job_id, number)
);

-- Who is still to be told of a job: until the last word was delivered, or given up. One node at a time sees to it, as long as its lease lasts.
CREATE TABLE geowps.callbacks (
    job_id text COLLATE "C" NOT NULL PRIMARY KEY,
    attempts integer NOT NULL,
    due bigint NOT NULL,
    node text COLLATE "C" NOT NULL,
    lease_until bigint NOT NULL
);

-- Stores a new job. Outcomes: added, repeated (other: its job), reused, full (waiting: how many), orphaned.
CREATE FUNCTION geowps.add_job(
    in_id text, in_process text, in_lane text, in_owner text, in_priority integer, in_max_queued integer, in_worker text, in_lease bigint, in_base_address text,
    in_attachments text, in_request text, in_request_digest text, in_parent text, in_administered boolean, in_parent_attempt integer, in_parent_worker text, in_key text, in_key_digest text,
    in_callback_node text, in_callback_lease bigint, OUT outcome text, OUT at bigint, OUT other text, OUT waiting bigint
) LANGUAGE plpgsql AS $$
DECLARE
    known record;
    most_at_once integer := current_setting('max_connections')::integer;
BEGIN
    at := geowps.now_ms();
    IF in_key IS NOT NULL THEN
        -- Who comes second with a key waits here for the first, and then finds its job.
        PERFORM pg_advisory_xact_lock(hashtextextended(coalesce(in_owner, '') || chr(1) || in_key, 7310246116));
        SELECT digest, job_id INTO known FROM geowps.idempotency WHERE owner = coalesce(in_owner, '') AND key = in_key AND expires > at;
        IF FOUND AND known.digest <> in_key_digest THEN
            outcome := 'reused';
            RETURN;
        ELSIF FOUND AND EXISTS (SELECT FROM geowps.jobs WHERE id = known.job_id) THEN
            outcome := 'repeated';
            other := known.job_id;
            RETURN;
        END IF;
    END IF;

    -- Held to the end: who calls the chain off waits, and then finds this step.
    IF in_parent IS NOT NULL THEN
        PERFORM FROM geowps.jobs WHERE id = in_parent AND status = 'running' AND attempt = in_parent_attempt AND worker = in_parent_worker FOR SHARE;
        IF NOT FOUND THEN
            outcome := 'orphaned';
            RETURN;
        END IF;
    END IF;

    IF in_worker IS NULL THEN
        SELECT count(*) INTO waiting FROM geowps.jobs WHERE lane = in_lane AND status = 'accepted';
        IF waiting + most_at_once >= in_max_queued THEN
            -- Near the end of the room they come one after the other.
            PERFORM pg_advisory_xact_lock(hashtextextended(in_lane, 7310246117));
            SELECT count(*) INTO waiting FROM geowps.jobs WHERE lane = in_lane AND status = 'accepted';
            IF waiting >= in_max_queued THEN
                outcome := 'full';
                RETURN;
            END IF;
        END IF;
    END IF;

    INSERT INTO geowps.jobs (id, process, lane, owner, priority, status, attempt, created, updated, started, worker, lease_until, progress, base_address,
        attachments, request, request_digest, parent, administered)
    VALUES (in_id, in_process, in_lane, in_owner, in_priority, CASE WHEN in_worker IS NULL THEN 'accepted' ELSE 'running' END, CASE WHEN in_worker IS NULL THEN 0 ELSE 1 END,
        at, at, CASE WHEN in_worker IS NOT NULL THEN at END, in_worker, CASE WHEN in_worker IS NOT NULL THEN at + in_lease END, 0, in_base_address,
        in_attachments, in_request, in_request_digest, in_parent, in_administered);

    IF in_key IS NOT NULL THEN
        DELETE FROM geowps.idempotency WHERE expires <= at;
        INSERT INTO geowps.idempotency (owner, key, digest, job_id, expires) VALUES (coalesce(in_owner, ''), in_key, in_key_digest, in_id, at + 86400000)
        ON CONFLICT (owner, key) DO UPDATE SET digest = excluded.digest, job_id = excluded.job_id, expires = excluded.expires;
    END IF;

    IF in_callback_node IS NOT NULL THEN
        INSERT INTO geowps.callbacks (job_id, attempts, due, node, lease_until) VALUES (in_id, 0, at, in_callback_node, at + in_callback_lease);
    END IF;

    -- PostgreSQL commits those that notify one after the other. Behind a long queue nobody needs to be woken: whoever is free takes the next anyway.
    IF in_worker IS NULL AND waiting < 200 THEN
        PERFORM pg_notify('geowps', '- accepted ' || in_lane);
    END IF;

    outcome := 'added';
END $$;

-- Takes the job that is next in a lane: by priority, then of the caller who has the fewest running, then by age.
CREATE FUNCTION geowps.claim_job(in_lane text, in_worker text, in_lease bigint) RETURNS SETOF geowps.jobs LANGUAGE plpgsql AS $$
DECLARE
    at bigint := geowps.now_ms();
    next record;
    claimed geowps.jobs;
BEGIN
    -- Each priority and caller by one look into the index, however many wait.
    FOR next IN
        WITH RECURSIVE line AS (
            (SELECT urgency, caller FROM geowps.jobs WHERE lane = in_lane AND status = 'accepted' ORDER BY urgency, caller LIMIT 1)
            UNION ALL
            SELECT further.urgency, further.caller FROM line CROSS JOIN LATERAL (
                SELECT j.urgency, j.caller FROM geowps.jobs j
                WHERE j.lane = in_lane AND j.status = 'accepted' AND (j.urgency, j.caller) > (line.urgency, line.caller)
                ORDER BY j.urgency, j.caller LIMIT 1) further
        )
        SELECT line.urgency, line.caller FROM line CROSS JOIN LATERAL (
            SELECT j.created, j.id FROM geowps.jobs j
            WHERE j.lane = in_lane AND j.status = 'accepted' AND j.urgency = line.urgency AND j.caller = line.caller AND (j.not_before IS NULL OR j.not_before <= at)
            ORDER BY j.created, j.id LIMIT 1) first
        ORDER BY line.urgency, (SELECT count(*) FROM geowps.jobs r WHERE r.lane = in_lane AND r.caller = line.caller AND r.status = 'running'), first.created, first.id
    LOOP
        UPDATE geowps.jobs
        SET status = 'running', attempt = attempt + 1, started = at, updated = at, not_before = NULL, worker = in_worker, lease_until = at + in_lease, progress = 0
        WHERE id = (
            SELECT id FROM geowps.jobs
            WHERE lane = in_lane AND status = 'accepted' AND urgency = next.urgency AND caller = next.caller AND (not_before IS NULL OR not_before <= at)
            ORDER BY created, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING * INTO claimed;
        IF FOUND THEN
            RETURN NEXT claimed;
            RETURN;
        END IF;
    END LOOP;
END $$;

-- Whatever a chain may have become: as soon as it does not run, nobody waits for its steps.
CREATE FUNCTION geowps.dismiss_left_steps() RETURNS SETOF geowps.jobs LANGUAGE sql AS $$
    WITH dismissed AS (
        UPDATE geowps.jobs step SET status = 'dismissed', finished = geowps.now_ms(), updated = geowps.now_ms(), not_before = NULL, worker = NULL, lease_until = NULL
        WHERE parent IS NOT NULL AND status IN ('accepted', 'running')
            AND NOT EXISTS (SELECT FROM geowps.jobs chain WHERE chain.id = step.parent AND chain.status = 'running')
        RETURNING step.*
    ), told AS (SELECT id, pg_notify('geowps', '- dismissed ' || id) FROM dismissed)
    SELECT dismissed.* FROM dismissed JOIN told ON told.id = dismissed.id
$$;

-- The job, if it was dismissed by this, and the steps that were.
CREATE FUNCTION geowps.dismiss_job(in_id text) RETURNS SETOF geowps.jobs LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY UPDATE geowps.jobs SET status = 'dismissed', finished = geowps.now_ms(), updated = geowps.now_ms(), not_before = NULL, worker = NULL, lease_until = NULL
        WHERE id = in_id AND status IN ('accepted', 'running')
        RETURNING *;
    IF FOUND THEN
        PERFORM pg_notify('geowps', '- dismissed ' || in_id);
        RETURN QUERY SELECT * FROM geowps.dismiss_left_steps();
    END IF;
END $$;

-- Jobs whose lease has run out (or whose worker is not the given one) wait again, or have failed when their attempts are spent; and the steps that nobody waits for.
CREATE FUNCTION geowps.recover_jobs(in_max_attempts integer, in_failure text, in_message text, in_worker text) RETURNS SETOF geowps.jobs LANGUAGE plpgsql AS $$
DECLARE
    at bigint := geowps.now_ms();
    recovered geowps.jobs[];
    steps geowps.jobs[];
BEGIN
    WITH lost AS (
        SELECT id FROM geowps.jobs WHERE status = 'running' AND (lease_until <= at OR worker <> in_worker) FOR UPDATE SKIP LOCKED
    ), changed AS (
        UPDATE geowps.jobs j
        SET status = CASE WHEN attempt >= in_max_attempts THEN 'failed' ELSE 'accepted' END,
            failure = CASE WHEN attempt >= in_max_attempts THEN in_failure END,
            finished = CASE WHEN attempt >= in_max_attempts THEN at END,
            started = CASE WHEN attempt >= in_max_attempts THEN started END,
            progress = CASE WHEN attempt >= in_max_attempts THEN progress ELSE 0 END,
            updated = at, message = in_message, worker = NULL, lease_until = NULL
        FROM lost WHERE j.id = lost.id
        RETURNING j.*
    )
    SELECT array_agg(changed::geowps.jobs) INTO recovered FROM changed;

    SELECT array_agg(step::geowps.jobs) INTO steps FROM geowps.dismiss_left_steps() step;

    PERFORM pg_notify('geowps', '- accepted ' || lane) FROM (SELECT DISTINCT lane FROM unnest(recovered) AS r WHERE r.status = 'accepted') woken;

    RETURN QUERY SELECT r.* FROM unnest(recovered) AS r WHERE NOT EXISTS (SELECT FROM unnest(steps) AS s WHERE s.id = r.id);
    RETURN QUERY SELECT s.* FROM unnest(steps) AS s;
END $$;

-- Numbers lines on from the last; at most in_most, of which the last one says so. Gives the numbers written, or nothing.
CREATE FUNCTION geowps.append_log(
    in_id text, in_ats bigint[], in_attempts integer[], in_levels text[], in_texts text[], in_most integer, in_left_out text, in_node text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before integer;
    added integer;
BEGIN
    -- A job that is gone has no log any more. Who else writes into this one waits.
    PERFORM pg_advisory_xact_lock(hashtextextended(in_id, 7310246118));
    PERFORM FROM geowps.jobs WHERE id = in_id FOR KEY SHARE;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    SELECT coalesce(max(number), 0) INTO before FROM geowps.job_log WHERE job_id = in_id;
    INSERT INTO geowps.job_log (job_id, number, at, attempt, level, text)
    SELECT in_id, before + line.number, line.at, line.attempt,
        CASE WHEN before + line.number = in_most THEN 'warning' ELSE line.level END, CASE WHEN before + line.number = in_most THEN in_left_out ELSE line.text END
    FROM unnest(in_ats, in_attempts, in_levels, in_texts) WITH ORDINALITY AS line (at, attempt, level, text, number)
    WHERE before + line.number <= in_most;
    GET DIAGNOSTICS added = ROW_COUNT;
    IF added > 0 THEN
        PERFORM pg_notify('geowps', in_node || ' logged ' || in_id || ' ' || (before + 1) || ' ' || added);
    END IF;
END $$;
