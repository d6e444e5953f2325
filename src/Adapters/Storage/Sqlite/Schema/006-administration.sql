-- Who administers this server is the only one who dismisses what she has started. Jobs of before are known by their processes, which need the token.
ALTER TABLE jobs ADD COLUMN administered INTEGER NOT NULL DEFAULT 0;

UPDATE jobs SET administered = 1
WHERE process IN ('geowps:publish', 'geowps:seed', 'geowps:reseed', 'geowps:truncate', 'geowps:export');

-- Seedings by the clock. What became of them stands beside, since those of the settings have no row of their own.
CREATE TABLE schedules
(
    id      TEXT    NOT NULL PRIMARY KEY,
    cron    TEXT    NOT NULL,
    request TEXT    NOT NULL,
    updated INTEGER NOT NULL
);

-- due: the last time that somebody took to start its job at. The others: when and what it last started, or why it did not.
CREATE TABLE schedule_runs
(
    schedule TEXT    NOT NULL PRIMARY KEY,
    due      INTEGER,
    at       INTEGER,
    job      TEXT,
    reason   TEXT
);
