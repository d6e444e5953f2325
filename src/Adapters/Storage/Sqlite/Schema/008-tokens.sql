-- Who may do more than anybody. Of the token itself only the digest is kept.
CREATE TABLE tokens
(
    name      TEXT    NOT NULL PRIMARY KEY,
    digest    TEXT    NOT NULL UNIQUE,
    rights    INTEGER NOT NULL,
    created   INTEGER NOT NULL,
    expires   INTEGER,
    last_used INTEGER
);
