-- Whose the files are. The content is in the blob store.
CREATE TABLE files (
    path TEXT NOT NULL PRIMARY KEY,
    folder TEXT NOT NULL,
    fold TEXT NOT NULL,
    is_folder INTEGER NOT NULL,
    owner TEXT,
    is_public INTEGER NOT NULL DEFAULT 0,
    length INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    etag TEXT NOT NULL,
    modified INTEGER NOT NULL,
    sha256 TEXT,
    contents TEXT
);
CREATE INDEX files_by_folder ON files (folder, is_folder, path);
CREATE INDEX files_by_fold ON files (fold);
CREATE INDEX files_public ON files (path) WHERE is_public;

-- Sums, so that a quota costs no look at every file. Nobody in particular is ''.
CREATE TABLE file_use (owner TEXT NOT NULL PRIMARY KEY, bytes INTEGER NOT NULL);
CREATE TRIGGER files_added AFTER INSERT ON files WHEN NEW.length > 0 BEGIN
    INSERT INTO file_use (owner, bytes) VALUES (coalesce(NEW.owner, ''), NEW.length) ON CONFLICT (owner) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER files_removed AFTER DELETE ON files WHEN OLD.length > 0 BEGIN
    UPDATE file_use SET bytes = bytes - OLD.length WHERE owner = coalesce(OLD.owner, '');
END;
CREATE TRIGGER files_changed AFTER UPDATE OF length, owner ON files BEGIN
    UPDATE file_use SET bytes = bytes - OLD.length WHERE owner = coalesce(OLD.owner, '');
    INSERT INTO file_use (owner, bytes) VALUES (coalesce(NEW.owner, ''), NEW.length) ON CONFLICT (owner) DO UPDATE SET bytes = bytes + excluded.bytes;
END;

-- Changes that have begun and not ended; few at any time. Whoever finds one of a process that is gone ends it.
CREATE TABLE file_changes (
    id TEXT NOT NULL PRIMARY KEY,
    kind INTEGER NOT NULL,
    path TEXT NOT NULL,
    target TEXT,
    owner TEXT,
    bytes INTEGER NOT NULL,
    is_folder INTEGER NOT NULL,
    process TEXT NOT NULL
);
