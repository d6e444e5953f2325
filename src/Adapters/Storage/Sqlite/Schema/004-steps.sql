-- The steps of a chain are jobs of their own.
ALTER TABLE jobs ADD COLUMN parent TEXT;

CREATE INDEX jobs_by_parent ON jobs (parent, id) WHERE parent IS NOT NULL;
