-- Files on their way here. Their bytes are blobs, which the pieces name.
CREATE TABLE geowps.uploads (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    owner text COLLATE "C",
    kind text NOT NULL,
    is_administered boolean NOT NULL,
    status text NOT NULL,
    path text COLLATE "C",
    media_type text,
    may_replace boolean NOT NULL,
    sha256 text,
    metadata text NOT NULL,
    parts text NOT NULL,
    length bigint,
    received bigint NOT NULL,
    joined text,
    created bigint NOT NULL,
    expires bigint NOT NULL,
    stored bigint,
    holder text,
    held_until bigint NOT NULL DEFAULT 0,
    is_wanted boolean NOT NULL DEFAULT false
);
CREATE INDEX uploads_by_owner ON geowps.uploads (owner, created);
CREATE INDEX uploads_by_expiry ON geowps.uploads (expires);
CREATE INDEX uploads_due ON geowps.uploads (created) WHERE status = 'received' AND kind <> 'part';

CREATE TABLE geowps.upload_pieces (
    upload text COLLATE "C" NOT NULL REFERENCES geowps.uploads (id) ON DELETE CASCADE,
    start bigint NOT NULL,
    length bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    PRIMARY KEY (upload, start)
);
