-- Who is still to be told of a job: a row from the job's acceptance until the last word was delivered, or given up.
CREATE TABLE callbacks
(
    job_id   TEXT    NOT NULL PRIMARY KEY,
    attempts INTEGER NOT NULL,
    due      INTEGER NOT NULL
) WITHOUT ROWID;
