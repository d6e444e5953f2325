-- Times are milliseconds since 1970-01-01T00:00Z. The large columns stand last: a filter that reads the others does not touch their pages.
CREATE TABLE jobs
(
    id           TEXT    NOT NULL PRIMARY KEY,
    process      TEXT    NOT NULL,
    lane         TEXT    NOT NULL,
    owner        TEXT,
    priority     INTEGER NOT NULL,
    status       TEXT    NOT NULL CHECK (status IN ('accepted', 'running', 'successful', 'failed', 'dismissed')),
    attempt      INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    updated      INTEGER NOT NULL,
    started      INTEGER,
    finished     INTEGER,
    not_before   INTEGER,
    worker       TEXT,
    lease_until  INTEGER,
    progress     REAL    NOT NULL,
    message      TEXT,
    base_address TEXT    NOT NULL,
    failure      TEXT,
    outputs      TEXT,
    attachments  TEXT,
    request      TEXT    NOT NULL,

    -- A state has its own columns and no other's.
    CHECK ((worker IS NOT NULL) = (status = 'running')),
    CHECK ((lease_until IS NOT NULL) = (status = 'running')),
    CHECK ((finished IS NOT NULL) = (status IN ('successful', 'failed', 'dismissed'))),
    CHECK (started IS NOT NULL OR status NOT IN ('running', 'successful')),
    CHECK (started IS NULL OR status <> 'accepted'),
    CHECK (not_before IS NULL OR status = 'accepted'),
    CHECK ((failure IS NOT NULL) = (status = 'failed')),
    CHECK ((outputs IS NOT NULL) = (status = 'successful'))
);

CREATE INDEX jobs_by_created ON jobs (created, id);
CREATE INDEX jobs_by_status ON jobs (status, created, id);
CREATE INDEX jobs_by_process ON jobs (process, created, id);
CREATE INDEX jobs_waiting ON jobs (lane, priority DESC, created, id) WHERE status = 'accepted';
CREATE INDEX jobs_ended ON jobs (finished, id) WHERE finished IS NOT NULL;

-- Keys outlive their jobs. Nobody's keys have the owner ''.
CREATE TABLE idempotency
(
    owner   TEXT    NOT NULL,
    key     TEXT    NOT NULL,
    digest  TEXT    NOT NULL,
    job_id  TEXT    NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
) WITHOUT ROWID;

CREATE INDEX idempotency_by_expiry ON idempotency (expires);

CREATE TABLE log
(
    job_id  TEXT    NOT NULL,
    number  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    level   TEXT    NOT NULL,
    text    TEXT    NOT NULL,
    PRIMARY KEY (job_id, number)
) WITHOUT ROWID;
