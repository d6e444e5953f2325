-- A key names a content; several keys may name the same one. What is small lies in its row, what is large in pieces.
CREATE TABLE geowps.blob_content (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, length bigint, piece integer, small bytea);
ALTER TABLE geowps.blob_content ALTER COLUMN small SET STORAGE EXTERNAL;

CREATE TABLE geowps.blob_piece (content bigint NOT NULL, number integer NOT NULL, data bytea NOT NULL, PRIMARY KEY (content, number));
ALTER TABLE geowps.blob_piece ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE geowps.blob (
    key text COLLATE "C" NOT NULL PRIMARY KEY,
    content bigint NOT NULL,
    content_type text NOT NULL,
    length bigint NOT NULL,
    etag text NOT NULL,
    modified bigint NOT NULL
);
CREATE INDEX blob_by_content ON geowps.blob (content);

-- Contents that no key may name any more, or not yet: they go some time after this, unless one does by then. Who reads or writes one moves its time on.
CREATE TABLE geowps.blob_doubt (content bigint NOT NULL PRIMARY KEY, since bigint NOT NULL);
CREATE INDEX blob_doubt_by_time ON geowps.blob_doubt (since);

CREATE FUNCTION geowps.doubt_blob() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.content <> NEW.content THEN
        INSERT INTO geowps.blob_doubt (content, since) VALUES (OLD.content, geowps.now_ms()) ON CONFLICT (content) DO UPDATE SET since = excluded.since;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER blob_doubt AFTER UPDATE OR DELETE ON geowps.blob FOR EACH ROW EXECUTE FUNCTION geowps.doubt_blob();

-- Removes one content that nobody has named for so long. A copy holds the key that it is made from: a content that is about to be named again is named now.
CREATE FUNCTION geowps.remove_blob_content(in_age bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    gone bigint;
BEGIN
    DELETE FROM geowps.blob_doubt WHERE content = (
        SELECT content FROM geowps.blob_doubt WHERE since <= geowps.now_ms() - in_age ORDER BY since LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING content INTO gone;
    IF gone IS NULL THEN
        RETURN false;
    END IF;

    -- Who is about to name it holds its row; this waits, and then sees the name.
    PERFORM FROM geowps.blob_content WHERE id = gone FOR UPDATE;
    IF NOT EXISTS (SELECT FROM geowps.blob WHERE content = gone) THEN
        DELETE FROM geowps.blob_piece WHERE content = gone;
        DELETE FROM geowps.blob_content WHERE id = gone;
    END IF;
    RETURN true;
END $$;
