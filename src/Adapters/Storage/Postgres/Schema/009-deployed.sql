-- Models and scripts that came through the API, for all nodes.
CREATE TABLE geowps.deployed (
    id text PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    digest text NOT NULL,
    unit bytea NOT NULL,
    media_type text NOT NULL,
    package bytea NOT NULL,
    node text NOT NULL,
    deployed timestamptz NOT NULL DEFAULT now()
);
