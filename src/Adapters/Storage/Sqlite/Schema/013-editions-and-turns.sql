-- The newest edition of each document whose number has to outlive the program.
CREATE TABLE editions
(
    document TEXT    NOT NULL PRIMARY KEY,
    content  TEXT    NOT NULL,
    number   INTEGER NOT NULL
) WITHOUT ROWID;
