-- A layer is a document; beside it stands what is asked for without reading it.
CREATE TABLE geowps.layers (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    revision bigint NOT NULL,
    updated bigint NOT NULL,
    expires bigint,
    bytes bigint NOT NULL,
    document text NOT NULL
);
CREATE INDEX layers_by_expiry ON geowps.layers (expires, bytes) WHERE expires IS NOT NULL;

-- What all nodes of a cluster must have alike, and nobody has set: made once.
CREATE TABLE geowps.agreed (name text NOT NULL PRIMARY KEY, value text NOT NULL);
