-- Seedings by the clock. What became of them stands beside, since those of the settings have no row of their own.
CREATE TABLE geowps.schedules (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    cron text NOT NULL,
    request text NOT NULL,
    updated bigint NOT NULL
);

-- due: the last time that some node took to start its job at. The others: when and what it last started, or why it did not.
CREATE TABLE geowps.schedule_runs (
    schedule text COLLATE "C" NOT NULL PRIMARY KEY,
    due bigint,
    at bigint,
    job text COLLATE "C",
    reason text
);
