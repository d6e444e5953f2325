-- What the processes of nodes look like: a document by the hash of its content, the same for all nodes that offer the same.
CREATE TABLE geowps.catalogues (
    hash text COLLATE "C" NOT NULL PRIMARY KEY,
    format integer NOT NULL,
    document text NOT NULL,
    made bigint NOT NULL
);

-- Nodes that run processes, as long as they say so.
CREATE TABLE geowps.runners (
    node text COLLATE "C" NOT NULL PRIMARY KEY,
    name text NOT NULL,
    catalogue text COLLATE "C" NOT NULL,
    beat bigint NOT NULL
);

-- Which jobs a node takes, by lane; processes NULL: whatever is in the lane.
CREATE TABLE geowps.runner_lanes (
    node text COLLATE "C" NOT NULL REFERENCES geowps.runners ON DELETE CASCADE,
    lane text COLLATE "C" NOT NULL,
    processes text[] COLLATE "C",
    PRIMARY KEY (node, lane)
);

-- Processes with waiting jobs that nobody runs, for as long as somebody looks.
CREATE TABLE geowps.unclaimable (
    lane text COLLATE "C" NOT NULL,
    process text COLLATE "C" NOT NULL,
    since bigint NOT NULL,
    seen bigint NOT NULL,
    PRIMARY KEY (lane, process)
);

-- What a node asks one that has the process of a request: what is wrong with it. Lost with a crash of the server, which does no harm.
CREATE UNLOGGED TABLE geowps.checks (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    lane text COLLATE "C" NOT NULL,
    process text COLLATE "C" NOT NULL,
    asked bigint NOT NULL,
    taken boolean NOT NULL DEFAULT false,
    request text NOT NULL,
    answer text
);

-- A worker looks at the jobs of its own processes only, however many others wait.
CREATE INDEX jobs_waiting_by_process ON geowps.jobs (lane, process, urgency, caller, created, id) WHERE status = 'accepted';

-- How long a node is there after its last word.
CREATE FUNCTION geowps.runner_life() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT 15000::bigint $$;

-- Whether some node that is there takes the jobs of a process.
CREATE FUNCTION geowps.is_claimable(in_lane text, in_process text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM geowps.runner_lanes l JOIN geowps.runners r ON r.node = l.node
        WHERE l.lane = in_lane AND r.beat > geowps.now_ms() - geowps.runner_life() AND (l.processes IS NULL OR in_process = ANY (l.processes)))
$$;

-- A node is still there. False: it is not known here, or with another catalogue.
CREATE FUNCTION geowps.keep_runner(in_node text, in_name text, in_catalogue text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE geowps.runners SET beat = geowps.now_ms() WHERE node = in_node AND name = in_name AND catalogue = in_catalogue;
    RETURN FOUND;
END $$;

-- lanes and processes side by side: a lane is repeated for each of its processes; '' beside it: whatever is in it.
CREATE FUNCTION geowps.put_runner(in_node text, in_name text, in_catalogue text, in_format integer, in_document text, in_lanes text[], in_processes text[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO geowps.catalogues (hash, format, document, made) VALUES (in_catalogue, in_format, in_document, geowps.now_ms())
    ON CONFLICT (hash) DO UPDATE SET made = excluded.made;
    INSERT INTO geowps.runners (node, name, catalogue, beat) VALUES (in_node, in_name, in_catalogue, geowps.now_ms())
    ON CONFLICT (node) DO UPDATE SET name = excluded.name, catalogue = excluded.catalogue, beat = excluded.beat;
    DELETE FROM geowps.runner_lanes WHERE node = in_node;
    INSERT INTO geowps.runner_lanes (node, lane, processes)
    SELECT in_node, given.lane, CASE WHEN bool_or(given.process = '') THEN NULL ELSE array_agg(given.process) END
    FROM unnest(in_lanes, in_processes) AS given (lane, process) GROUP BY given.lane;

    -- Those that have not been heard of for long, and documents that nobody has any more.
    DELETE FROM geowps.runners WHERE beat < geowps.now_ms() - 20 * geowps.runner_life();
    DELETE FROM geowps.catalogues c WHERE made < geowps.now_ms() - 20 * geowps.runner_life() AND NOT EXISTS (SELECT FROM geowps.runners r WHERE r.catalogue = c.hash);
    PERFORM pg_notify('geowps', in_node || ' runners ' || in_node);

    -- There may be jobs that waited for this.
    PERFORM pg_notify('geowps', '- accepted ' || lane) FROM geowps.runner_lanes WHERE node = in_node;
END $$;

-- Takes the job that is next in a lane, of those whose process is given (NULL: any): by priority, then of the caller who has the fewest running, then by age.
-- The function of three arguments stays for nodes that run a version before this one.
CREATE FUNCTION geowps.claim_job(in_lane text, in_worker text, in_lease bigint, in_processes text[]) RETURNS SETOF geowps.jobs LANGUAGE plpgsql AS $$
DECLARE
    at bigint := geowps.now_ms();
    next record;
    claimed geowps.jobs;
BEGIN
    IF in_processes IS NULL THEN
        RETURN QUERY SELECT * FROM geowps.claim_job(in_lane, in_worker, in_lease);
        RETURN;
    END IF;

    -- Mostly the one that is next of all is of a process that is given: then it is the next of those, too.
    FOR next IN
        WITH RECURSIVE line AS (
            (SELECT urgency, caller FROM geowps.jobs WHERE lane = in_lane AND status = 'accepted' ORDER BY urgency, caller LIMIT 1)
            UNION ALL
            SELECT further.urgency, further.caller FROM line CROSS JOIN LATERAL (
                SELECT j.urgency, j.caller FROM geowps.jobs j
                WHERE j.lane = in_lane AND j.status = 'accepted' AND (j.urgency, j.caller) > (line.urgency, line.caller)
                ORDER BY j.urgency, j.caller LIMIT 1) further
        )
        SELECT first.process, line.urgency, line.caller FROM line CROSS JOIN LATERAL (
            SELECT j.process, j.created, j.id FROM geowps.jobs j
            WHERE j.lane = in_lane AND j.status = 'accepted' AND j.urgency = line.urgency AND j.caller = line.caller AND (j.not_before IS NULL OR j.not_before <= at)
            ORDER BY j.created, j.id LIMIT 1) first
        ORDER BY line.urgency, (SELECT count(*) FROM geowps.jobs r WHERE r.lane = in_lane AND r.caller = line.caller AND r.status = 'running'), first.created, first.id
        LIMIT 1
    LOOP
        IF next.process = ANY (in_processes) THEN
            UPDATE geowps.jobs
            SET status = 'running', attempt = attempt + 1, started = at, updated = at, not_before = NULL, worker = in_worker, lease_until = at + in_lease, progress = 0
            WHERE id = (
                SELECT id FROM geowps.jobs
                WHERE lane = in_lane AND status = 'accepted' AND process = next.process AND urgency = next.urgency AND caller = next.caller
                    AND (not_before IS NULL OR not_before <= at)
                ORDER BY created, id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING * INTO claimed;
            IF FOUND THEN
                RETURN NEXT claimed;
                RETURN;
            END IF;
        END IF;
    END LOOP;

    -- Each process that waits, and of those given each priority and caller, by one look into the index, however many jobs there are.
    FOR next IN
        WITH RECURSIVE given AS MATERIALIZED (SELECT DISTINCT unnest(in_processes) COLLATE "C" AS process), waiting AS (
            (SELECT j.process FROM geowps.jobs j WHERE j.lane = in_lane AND j.status = 'accepted' ORDER BY j.process LIMIT 1)
            UNION ALL
            SELECT further.process FROM waiting CROSS JOIN LATERAL (
                SELECT j.process FROM geowps.jobs j WHERE j.lane = in_lane AND j.status = 'accepted' AND j.process > waiting.process ORDER BY j.process LIMIT 1) further
        ), line AS (
            SELECT waiting.process, first.urgency, first.caller FROM waiting JOIN given ON given.process = waiting.process CROSS JOIN LATERAL (
                SELECT j.urgency, j.caller FROM geowps.jobs j WHERE j.lane = in_lane AND j.status = 'accepted' AND j.process = waiting.process
                ORDER BY j.urgency, j.caller LIMIT 1) first
            UNION ALL
            SELECT line.process, further.urgency, further.caller FROM line CROSS JOIN LATERAL (
                SELECT j.urgency, j.caller FROM geowps.jobs j
                WHERE j.lane = in_lane AND j.status = 'accepted' AND j.process = line.process AND (j.urgency, j.caller) > (line.urgency, line.caller)
                ORDER BY j.urgency, j.caller LIMIT 1) further
        ), busy AS MATERIALIZED (
            SELECT r.caller, count(*) AS jobs FROM geowps.jobs r WHERE r.lane = in_lane AND r.status = 'running' GROUP BY r.caller
        )
        SELECT line.process, line.urgency, line.caller FROM line CROSS JOIN LATERAL (
            SELECT j.created, j.id FROM geowps.jobs j
            WHERE j.lane = in_lane AND j.status = 'accepted' AND j.process = line.process AND j.urgency = line.urgency AND j.caller = line.caller
                AND (j.not_before IS NULL OR j.not_before <= at)
            ORDER BY j.created, j.id LIMIT 1) first
        LEFT JOIN busy ON busy.caller = line.caller
        ORDER BY line.urgency, coalesce(busy.jobs, 0), first.created, first.id
    LOOP
        UPDATE geowps.jobs
        SET status = 'running', attempt = attempt + 1, started = at, updated = at, not_before = NULL, worker = in_worker, lease_until = at + in_lease, progress = 0
        WHERE id = (
            SELECT id FROM geowps.jobs
            WHERE lane = in_lane AND status = 'accepted' AND process = next.process AND urgency = next.urgency AND caller = next.caller
                AND (not_before IS NULL OR not_before <= at)
            ORDER BY created, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING * INTO claimed;
        IF FOUND THEN
            RETURN NEXT claimed;
            RETURN;
        END IF;
    END LOOP;
END $$;

-- How many jobs of its lane are taken before a waiting one when nothing else comes and nothing ends, counted up to in_most + 1, and whether some node runs its process.
-- A caller's job is taken when that one has as many running as its place in the caller's own line, and those that run, make: what is before it follows from the numbers.
CREATE FUNCTION geowps.place_of_job(in_id text, in_most integer, OUT before integer, OUT claimable boolean) RETURNS SETOF record LANGUAGE plpgsql STABLE AS $$
DECLARE
    at bigint := geowps.now_ms();
    mine geowps.jobs;
    my_level integer;
    theirs record;
    more integer;
BEGIN
    SELECT * INTO mine FROM geowps.jobs WHERE id = in_id AND status = 'accepted';
    IF NOT FOUND THEN
        RETURN;
    END IF;

    claimable := geowps.is_claimable(mine.lane, mine.process);
    SELECT count(*) INTO before FROM (
        SELECT FROM geowps.jobs WHERE lane = mine.lane AND status = 'accepted' AND urgency < mine.urgency LIMIT in_most + 1) urgent;
    IF before > in_most THEN
        RETURN NEXT;
        RETURN;
    END IF;

    SELECT count(*) INTO my_level FROM (
        SELECT FROM geowps.jobs WHERE lane = mine.lane AND status = 'accepted' AND urgency = mine.urgency AND caller = mine.caller AND (created, id) < (mine.created, mine.id)
        LIMIT in_most + 1) own;
    before := before + my_level;

    -- What is more urgent runs by then.
    my_level := my_level + (SELECT count(*) FROM geowps.jobs WHERE lane = mine.lane AND status = 'running' AND caller = mine.caller)
        + (SELECT count(*) FROM geowps.jobs WHERE lane = mine.lane AND status = 'accepted' AND urgency < mine.urgency AND caller = mine.caller);
    FOR theirs IN
        WITH RECURSIVE line AS (
            (SELECT caller FROM geowps.jobs WHERE lane = mine.lane AND status = 'accepted' AND urgency = mine.urgency ORDER BY caller LIMIT 1)
            UNION ALL
            SELECT further.caller FROM line CROSS JOIN LATERAL (
                SELECT j.caller FROM geowps.jobs j WHERE j.lane = mine.lane AND j.status = 'accepted' AND j.urgency = mine.urgency AND j.caller > line.caller
                ORDER BY j.caller LIMIT 1) further
        ), busy AS MATERIALIZED (
            SELECT caller, count(*) AS jobs FROM geowps.jobs WHERE lane = mine.lane AND (status = 'running' OR (status = 'accepted' AND urgency < mine.urgency)) GROUP BY caller
        )
        SELECT line.caller, coalesce(busy.jobs, 0) AS running FROM line LEFT JOIN busy ON busy.caller = line.caller WHERE line.caller <> mine.caller
    LOOP
        EXIT WHEN before > in_most;

        -- Its jobs on lower levels, and the one on the same level if that is older.
        SELECT count(*) INTO more FROM (
            SELECT created, id, row_number() OVER (ORDER BY created, id) + theirs.running - 1 AS level
            FROM (
                SELECT created, id FROM geowps.jobs WHERE lane = mine.lane AND status = 'accepted' AND urgency = mine.urgency AND caller = theirs.caller
                ORDER BY created, id LIMIT greatest(0, least(my_level - theirs.running + 1, in_most + 1))) first
        ) numbered
        WHERE numbered.level < my_level OR (numbered.created, numbered.id) < (mine.created, mine.id);
        before := before + more;
    END LOOP;
    before := least(before, in_most + 1);
    RETURN NEXT;
END $$;

-- Looks for waiting jobs that nobody runs. Those whose process nobody has had for in_after_ms fail, at most a thousand at once; the time counts only while somebody looks.
CREATE FUNCTION geowps.fail_unclaimable(in_after_ms bigint, in_failure text) RETURNS SETOF geowps.jobs LANGUAGE plpgsql AS $$
DECLARE
    at bigint := geowps.now_ms();
    lanes text[];
    processes text[];
BEGIN
    -- One node looks at a time.
    IF NOT pg_try_advisory_xact_lock(7310246119) THEN
        RETURN;
    END IF;

    WITH RECURSIVE line AS (
        (SELECT lane, process FROM geowps.jobs WHERE status = 'accepted' ORDER BY lane, process LIMIT 1)
        UNION ALL
        SELECT further.lane, further.process FROM line CROSS JOIN LATERAL (
            SELECT j.lane, j.process FROM geowps.jobs j WHERE j.status = 'accepted' AND (j.lane, j.process) > (line.lane, line.process)
            ORDER BY j.lane, j.process LIMIT 1) further
    )
    SELECT coalesce(array_agg(line.lane), '{}'), coalesce(array_agg(line.process), '{}') INTO lanes, processes FROM line WHERE NOT geowps.is_claimable(line.lane, line.process);
    DELETE FROM geowps.unclaimable u WHERE NOT EXISTS (SELECT FROM unnest(lanes, processes) AS nobodys (lane, process) WHERE nobodys.lane = u.lane AND nobodys.process = u.process);
    INSERT INTO geowps.unclaimable AS old (lane, process, since, seen) SELECT nobodys.lane, nobodys.process, at, at FROM unnest(lanes, processes) AS nobodys (lane, process)
    ON CONFLICT (lane, process) DO UPDATE SET since = CASE WHEN old.seen < at - 4 * geowps.runner_life() THEN at ELSE old.since END, seen = at;

    RETURN QUERY UPDATE geowps.jobs SET status = 'failed', failure = in_failure, finished = at, updated = at, not_before = NULL
        WHERE id IN (
            SELECT j.id FROM geowps.unclaimable u CROSS JOIN LATERAL (
                SELECT w.id FROM geowps.jobs w WHERE w.lane = u.lane AND w.process = u.process AND w.status = 'accepted'
                FOR UPDATE SKIP LOCKED) j
            WHERE u.since <= at - in_after_ms
            LIMIT 1000)
        RETURNING *;
END $$;

-- Stores a new job, never more than there is room for. Outcomes as before, and near: the room is almost full, and it has to be asked for again with in_alone, which lets
-- nobody else in meanwhile. The function without it stays for nodes that run a version before this one.
CREATE FUNCTION geowps.add_job(
    in_id text, in_process text, in_lane text, in_owner text, in_priority integer, in_max_queued integer, in_worker text, in_lease bigint, in_base_address text,
    in_attachments text, in_request text, in_request_digest text, in_parent text, in_administered boolean, in_parent_attempt integer, in_parent_worker text, in_key text, in_key_digest text,
    in_callback_node text, in_callback_lease bigint, in_alone boolean, OUT outcome text, OUT at bigint, OUT other text, OUT waiting bigint
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
        -- Those who come together are no more than there are connections. As long as there is room for all of them nobody waits for another; beyond, one is let in at a time,
        -- when all who came before are done.
        IF in_alone THEN
            PERFORM pg_advisory_xact_lock(hashtextextended(in_lane, 7310246117));
        ELSE
            PERFORM pg_advisory_xact_lock_shared(hashtextextended(in_lane, 7310246117));
        END IF;

        SELECT count(*) INTO waiting FROM geowps.jobs WHERE lane = in_lane AND status = 'accepted';
        IF waiting >= in_max_queued THEN
            outcome := 'full';
            RETURN;
        ELSIF NOT in_alone AND waiting + most_at_once >= in_max_queued THEN
            outcome := 'near';
            RETURN;
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

    -- PostgreSQL commits those that notify one after the other. Behind a long queue of the same process nobody needs to be woken: whoever is free takes the next anyway.
    IF in_worker IS NULL AND (waiting < 200 OR (SELECT count(*) FROM (
        SELECT FROM geowps.jobs WHERE lane = in_lane AND process = in_process AND status = 'accepted' LIMIT 201) same) <= 200) THEN
        PERFORM pg_notify('geowps', '- accepted ' || in_lane);
    END IF;

    outcome := 'added';
END $$;
