-- Files on their way here. Their bytes are blobs, which the pieces name.
CREATE TABLE uploads
(
    id          TEXT    NOT NULL PRIMARY KEY,
    owner       TEXT,
    kind        TEXT    NOT NULL,
    is_administered INTEGER NOT NULL,
    status      TEXT    NOT NULL,
    path        TEXT,
    media_type  TEXT,
    may_replace INTEGER NOT NULL,
    sha256      TEXT,
    metadata    TEXT    NOT NULL,
    parts       TEXT    NOT NULL,
    length      INTEGER,
    received    INTEGER NOT NULL,
    joined      TEXT,
    created     INTEGER NOT NULL,
    expires     INTEGER NOT NULL,
    stored      INTEGER,
    holder      TEXT,
    held_until  INTEGER NOT NULL DEFAULT 0,
    is_wanted   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX uploads_by_owner ON uploads (owner, created);
CREATE INDEX uploads_by_expiry ON uploads (expires);
CREATE INDEX uploads_due ON uploads (created) WHERE status = 'received' AND kind <> 'part';

CREATE TABLE upload_pieces
(
    upload TEXT    NOT NULL,
    start  INTEGER NOT NULL,
    length INTEGER NOT NULL,
    key    TEXT    NOT NULL,
    PRIMARY KEY (upload, start)
) WITHOUT ROWID;
