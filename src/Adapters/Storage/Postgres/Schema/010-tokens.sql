-- Who may do more than anybody. Of the token itself only the digest is kept.
CREATE TABLE geowps.tokens (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    digest text COLLATE "C" NOT NULL UNIQUE,
    rights integer NOT NULL,
    created bigint NOT NULL,
    expires bigint,
    last_used bigint
);
