-- Classification schemes as JSON; another version each time one is stored.
CREATE TABLE schemes
(
    id       TEXT NOT NULL PRIMARY KEY,
    version  TEXT NOT NULL,
    document TEXT NOT NULL
);

-- Codes that an operator gave; they outlive the record, which its source may store anew.
CREATE TABLE record_codes
(
    record_id TEXT NOT NULL PRIMARY KEY,
    codes     TEXT NOT NULL
);

-- Sums by month. Record '' is none in particular.
CREATE TABLE record_use
(
    month      TEXT    NOT NULL,
    record     TEXT    NOT NULL,
    caller     TEXT    NOT NULL,
    opened     INTEGER NOT NULL,
    downloaded INTEGER NOT NULL,
    searched   INTEGER NOT NULL,
    shown      INTEGER NOT NULL,
    PRIMARY KEY (month, record, caller)
) WITHOUT ROWID;
