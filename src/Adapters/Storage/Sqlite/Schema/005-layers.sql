-- A layer is a document; beside it stands what is asked for without reading it. Layers that expire are counted by what they take, from the index alone.
CREATE TABLE layers
(
    id       TEXT    NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    updated  INTEGER NOT NULL,
    expires  INTEGER,
    bytes    INTEGER NOT NULL,
    document TEXT    NOT NULL
);

CREATE INDEX layers_by_expiry ON layers (expires, bytes) WHERE expires IS NOT NULL;
