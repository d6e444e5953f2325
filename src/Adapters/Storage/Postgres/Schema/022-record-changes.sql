-- What other servers ask for that know an earlier state: records have the number of the transaction that stored them last, and of those that went stays for a while which they were.
-- By triggers: nodes of a version before this one tell of their changes, too.
ALTER TABLE geowps.records ADD COLUMN changed bigint NOT NULL DEFAULT 0;
CREATE INDEX records_by_change ON geowps.records (changed);

-- owner: who has seen it.
CREATE TABLE geowps.record_removals (record_id text COLLATE "C" NOT NULL, owner text COLLATE "C", changed bigint NOT NULL);
CREATE INDEX record_removals_by_change ON geowps.record_removals (changed);

-- forgotten: the newest removal that is not kept any more.
CREATE TABLE geowps.record_states (one boolean NOT NULL PRIMARY KEY CHECK (one), epoch text NOT NULL, forgotten bigint NOT NULL);
INSERT INTO geowps.record_states VALUES (true, replace(gen_random_uuid()::text, '-', ''), 0);

CREATE FUNCTION geowps.number_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER number_record BEFORE INSERT OR UPDATE ON geowps.records FOR EACH ROW EXECUTE FUNCTION geowps.number_record();

CREATE FUNCTION geowps.note_removed_records() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO geowps.record_removals (record_id, owner, changed) SELECT record_id, owner, pg_current_xact_id()::text::bigint FROM gone;
    RETURN NULL;
END $$;
CREATE TRIGGER note_removed_records AFTER DELETE ON geowps.records REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION geowps.note_removed_records();

-- For those who saw it before and do not any more, it is gone.
CREATE FUNCTION geowps.note_handed_records() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO geowps.record_removals (record_id, owner, changed)
    SELECT b.record_id, b.owner, pg_current_xact_id()::text::bigint FROM before b JOIN after a ON a.id = b.id WHERE a.owner IS DISTINCT FROM b.owner;
    RETURN NULL;
END $$;
CREATE TRIGGER note_handed_records AFTER UPDATE ON geowps.records REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION geowps.note_handed_records();
