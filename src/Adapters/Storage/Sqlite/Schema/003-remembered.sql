-- What a job was asked for, so that an equal request finds its results; and the job that results were copied from.
ALTER TABLE jobs ADD COLUMN request_digest TEXT;
ALTER TABLE jobs ADD COLUMN derived_from TEXT;

CREATE INDEX jobs_remembered ON jobs (request_digest, finished) WHERE request_digest IS NOT NULL AND status = 'successful';
