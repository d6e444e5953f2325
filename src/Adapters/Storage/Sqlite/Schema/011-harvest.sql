-- Sources that are harvested. state: what became of the last run, as JSON.
CREATE TABLE harvest_sources
(
    id        TEXT    NOT NULL PRIMARY KEY,
    kind      TEXT    NOT NULL,
    cron      TEXT,
    settings  TEXT    NOT NULL,
    updated   INTEGER NOT NULL,
    state     TEXT
);
