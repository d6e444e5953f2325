-- Whose turn it is at a source (a job, until a time in milliseconds since 1970), and the share of its records that a run may remove.
ALTER TABLE geowps.harvest_sources
    ADD COLUMN claimed_by text,
    ADD COLUMN claimed_until bigint,
    ADD COLUMN max_removed double precision;
