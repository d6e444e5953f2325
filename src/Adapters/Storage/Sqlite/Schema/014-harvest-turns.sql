-- Whose turn it is at a source (a job, until a time in milliseconds since 1970), and the share of its records that a run may remove.
ALTER TABLE harvest_sources ADD COLUMN claimed_by TEXT;
ALTER TABLE harvest_sources ADD COLUMN claimed_until INTEGER;
ALTER TABLE harvest_sources ADD COLUMN max_removed REAL;
