-- Whose the files are. The content is in the blob store.
CREATE TABLE geowps.files (
    path text COLLATE "C" NOT NULL PRIMARY KEY,
    folder text COLLATE "C" NOT NULL,
    fold text COLLATE "C" NOT NULL,
    is_folder boolean NOT NULL,
    owner text,
    is_public boolean NOT NULL DEFAULT false,
    length bigint NOT NULL,
    content_type text COLLATE "C" NOT NULL,
    etag text NOT NULL,
    modified bigint NOT NULL,
    sha256 text,
    contents text
);
CREATE INDEX files_by_folder ON geowps.files (folder, is_folder, path);
CREATE INDEX files_by_fold ON geowps.files (fold);
CREATE INDEX files_public ON geowps.files (path) WHERE is_public;

-- Sums, so that a quota costs no look at every file. Nobody in particular is ''.
CREATE TABLE geowps.file_use (owner text NOT NULL PRIMARY KEY, bytes bigint NOT NULL);
CREATE FUNCTION geowps.count_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.length = NEW.length AND OLD.owner IS NOT DISTINCT FROM NEW.owner THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.length > 0 THEN
        UPDATE geowps.file_use SET bytes = bytes - OLD.length WHERE owner = coalesce(OLD.owner, '');
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.length > 0 THEN
        INSERT INTO geowps.file_use AS u (owner, bytes) VALUES (coalesce(NEW.owner, ''), NEW.length) ON CONFLICT (owner) DO UPDATE SET bytes = u.bytes + excluded.bytes;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_files AFTER INSERT OR UPDATE OR DELETE ON geowps.files FOR EACH ROW EXECUTE FUNCTION geowps.count_files();

-- Changes that have begun and not ended; few at any time. Whoever finds one that is old ends it.
CREATE TABLE geowps.file_changes (
    id uuid NOT NULL PRIMARY KEY,
    kind integer NOT NULL,
    path text COLLATE "C" NOT NULL,
    target text COLLATE "C",
    owner text,
    bytes bigint NOT NULL,
    is_folder boolean NOT NULL,
    since bigint NOT NULL
);
