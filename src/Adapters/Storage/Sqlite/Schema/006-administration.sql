-- Who administers this server is the only one who dismisses what she has started. Jobs of before are known by their processes, which need the token.
ALTER TABLE jobs ADD COLUMN administered INTEGER NOT NULL DEFAULT 0;

UPDATE jobs SET administered = 1
WHERE process IN ('geowps:publish', 'geowps:seed', 'geowps:reseed', 'geowps:truncate', 'geowps:export');
