-- Sources that are harvested. state: what became of the last run, as JSON. Both are kept as they were written.
CREATE TABLE geowps.harvest_sources (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    cron text,
    settings text NOT NULL,
    updated bigint NOT NULL,
    state text
);
