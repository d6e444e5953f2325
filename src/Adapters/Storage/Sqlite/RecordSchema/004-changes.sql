-- What other servers ask for that know an earlier state: records have the number of the state in which they were stored last, and of those that went stays for a while which they were.
-- A number is at least the milliseconds since 1970 and grows with each change: also where a power cut has taken the last of them, none is given twice.
ALTER TABLE records ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX records_by_change ON records (changed);

-- owner: who has seen it.
CREATE TABLE record_removals (record_id TEXT NOT NULL, owner TEXT, changed INTEGER NOT NULL);
CREATE INDEX record_removals_by_change ON record_removals (changed);

-- forgotten: the newest removal that is not kept any more.
CREATE TABLE record_states (only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1), epoch TEXT NOT NULL, number INTEGER NOT NULL, forgotten INTEGER NOT NULL);
INSERT INTO record_states VALUES (1, lower(hex(randomblob(8))), 0, 0);
