-- The newest edition of each document whose number has to outlive the program.
CREATE TABLE editions
(
    document TEXT    NOT NULL PRIMARY KEY,
    content  TEXT    NOT NULL,
    number   INTEGER NOT NULL
) WITHOUT ROWID;

-- Whose turn it is. Nobody's jobs have the caller ''.
DROP INDEX jobs_waiting;
CREATE INDEX jobs_waiting ON jobs (lane, priority DESC, coalesce(owner, ''), created, id) WHERE status = 'accepted';
CREATE INDEX jobs_running ON jobs (lane, coalesce(owner, '')) WHERE status = 'running';
