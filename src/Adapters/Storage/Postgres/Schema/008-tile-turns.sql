-- Whose turn it is to make which tiles. Unlogged: when the server has crashed, nobody's work counts any more.
CREATE UNLOGGED TABLE geowps.tile_turn (
    key text PRIMARY KEY,
    layer text NOT NULL,
    tile_matrix_set text NOT NULL,
    format text NOT NULL,
    level integer NOT NULL,
    number bigint NOT NULL,
    until timestamptz NOT NULL,
    ended timestamptz,
    made boolean NOT NULL DEFAULT false,
    waiting boolean NOT NULL DEFAULT false
);

CREATE SEQUENCE geowps.tile_turn_number;

-- 'mine': from now until the lease is over; 'wait': another's, which ends in left_ms at the latest; 'made': another has made it less than in_since ago.
CREATE FUNCTION geowps.take_turn(
    in_key text, in_layer text, in_set text, in_format text, in_level integer, in_lease interval, in_since interval, in_anew boolean,
    OUT outcome text, OUT turn bigint, OUT left_ms integer
) LANGUAGE plpgsql AS $$
DECLARE
    other geowps.tile_turn;
    now_is timestamptz;
BEGIN
    LOOP
        INSERT INTO geowps.tile_turn (key, layer, tile_matrix_set, format, level, number, until)
        VALUES (in_key, in_layer, in_set, in_format, in_level, nextval('geowps.tile_turn_number'), clock_timestamp() + in_lease)
        ON CONFLICT (key) DO NOTHING RETURNING number INTO turn;
        IF turn IS NOT NULL THEN
            outcome := 'mine';
            RETURN;
        END IF;

        SELECT * INTO other FROM geowps.tile_turn WHERE key = in_key FOR UPDATE;
        EXIT WHEN FOUND;
    END LOOP;

    now_is := clock_timestamp();
    IF NOT in_anew AND other.made AND other.ended > now_is - in_since THEN
        outcome := 'made';
    ELSIF in_anew OR other.ended IS NOT NULL OR other.until < now_is THEN
        -- Who had it before has lost it: what they store is refused.
        UPDATE geowps.tile_turn SET number = nextval('geowps.tile_turn_number'), until = now_is + in_lease, ended = NULL, made = false
        WHERE key = in_key RETURNING number INTO turn;
        outcome := 'mine';
    ELSE
        UPDATE geowps.tile_turn SET waiting = true WHERE key = in_key AND NOT waiting;
        outcome := 'wait';
        left_ms := ceil(extract(epoch FROM other.until - now_is) * 1000);
    END IF;
END $$;

CREATE FUNCTION geowps.end_turn(in_key text, in_number bigint, in_made boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    had_waiting boolean;
BEGIN
    SELECT waiting INTO had_waiting FROM geowps.tile_turn WHERE key = in_key AND number = in_number FOR UPDATE;
    IF FOUND THEN
        UPDATE geowps.tile_turn SET ended = clock_timestamp(), made = in_made, waiting = false WHERE key = in_key;
        IF had_waiting THEN
            PERFORM pg_notify('geowps', '- turn ' || in_key);
        END IF;
    END IF;
END $$;

-- Who is making tiles of what is emptied has lost its turn. In the transaction that empties, before anything goes: it waits for those who are storing.
CREATE FUNCTION geowps.void_turns(in_layer text, in_set text, in_format text, in_level integer) RETURNS void LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM geowps.tile_turn
        WHERE layer = in_layer AND (in_set IS NULL OR tile_matrix_set = in_set) AND (in_format IS NULL OR format = in_format) AND (in_level IS NULL OR level = in_level)
        RETURNING key, waiting
    )
    SELECT pg_notify('geowps', '- turn ' || key) FROM gone WHERE waiting
$$;

-- Which level's sum has a content: one that it goes from when the content goes, or is given to another.
DELETE FROM geowps.tile_content c WHERE NOT EXISTS (SELECT FROM geowps.tile t WHERE t.hash = c.hash);
ALTER TABLE geowps.tile_content ADD COLUMN level_id bigint;
UPDATE geowps.tile_content c SET level_id = (SELECT t.level_id FROM geowps.tile t JOIN geowps.tile_level l ON l.id = t.level_id WHERE t.hash = c.hash LIMIT 1);
UPDATE geowps.tile_level l SET
    tiles = (SELECT count(*) FROM geowps.tile t WHERE t.level_id = l.id),
    bytes = (SELECT coalesce(sum(length(data)), 0) FROM geowps.tile_content c WHERE c.level_id = l.id);

-- Removes contents that no tile has any more. Gives their bytes.
CREATE OR REPLACE FUNCTION geowps.remove_contents(hashes bytea[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    bytes_gone bigint;
BEGIN
    WITH locked AS (SELECT hash FROM geowps.tile_content WHERE hash = ANY (hashes) ORDER BY hash FOR UPDATE),
    removed AS (
        DELETE FROM geowps.tile_content c USING locked WHERE c.hash = locked.hash AND NOT EXISTS (SELECT 1 FROM geowps.tile t WHERE t.hash = c.hash)
        RETURNING c.level_id, length(c.data) AS bytes
    ),
    counted AS (
        UPDATE geowps.tile_level l SET bytes = l.bytes - s.bytes
        FROM (SELECT level_id, sum(bytes) AS bytes FROM removed GROUP BY 1) s WHERE l.id = s.level_id
    )
    SELECT coalesce(sum(bytes), 0)::bigint INTO bytes_gone FROM removed;

    WITH moved AS (
        UPDATE geowps.tile_content c SET level_id = (SELECT t.level_id FROM geowps.tile t JOIN geowps.tile_level l ON l.id = t.level_id WHERE t.hash = c.hash LIMIT 1)
        WHERE c.hash = ANY (hashes) AND NOT EXISTS (SELECT FROM geowps.tile_level l WHERE l.id = c.level_id)
        RETURNING c.level_id, length(c.data) AS bytes
    )
    UPDATE geowps.tile_level l SET bytes = l.bytes + s.bytes
    FROM (SELECT level_id, sum(bytes) AS bytes FROM moved GROUP BY 1) s WHERE l.id = s.level_id;
    RETURN bytes_gone;
END $$;

CREATE OR REPLACE FUNCTION geowps.remove_tiles(of_level bigint, in_rows integer[], in_columns integer[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    gone bytea[];
BEGIN
    PERFORM 1 FROM geowps.tile_level WHERE id = of_level FOR UPDATE;
    WITH removed AS (
        DELETE FROM geowps.tile t USING unnest(in_rows, in_columns) AS given (tile_row, tile_column)
        WHERE t.level_id = of_level AND t.tile_row = given.tile_row AND t.tile_column = given.tile_column
        RETURNING t.hash
    )
    SELECT coalesce(array_agg(hash), '{}') INTO gone FROM removed;
    UPDATE geowps.tile_level SET tiles = tiles - cardinality(gone) WHERE id = of_level;
    RETURN geowps.remove_contents(gone) + 64 * cardinality(gone);
END $$;

CREATE OR REPLACE FUNCTION geowps.put_tiles(
    in_layer text, in_set text, in_format text, in_level integer,
    in_rows integer[], in_columns integer[], in_hashes bytea[], in_made bigint[], in_flags integer[], in_content_hashes bytea[], in_contents bytea[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found_id bigint;
    more_tiles bigint;
    more_bytes bigint;
    old_hashes bytea[];
BEGIN
    -- Held to the end: who removes the level waits, and then finds these tiles in it.
    LOOP
        SELECT id INTO found_id FROM geowps.tile_level
        WHERE layer = in_layer AND tile_matrix_set = in_set AND format = in_format AND level = in_level FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO geowps.tile_level (layer, tile_matrix_set, format, level) VALUES (in_layer, in_set, in_format, in_level) ON CONFLICT DO NOTHING;
    END LOOP;

    WITH added AS (
        INSERT INTO geowps.tile_content (hash, data, level_id)
        SELECT hash, data, found_id FROM unnest(in_content_hashes, in_contents) AS given (hash, data) ORDER BY hash
        ON CONFLICT DO NOTHING
        RETURNING length(data) AS bytes
    )
    SELECT coalesce(sum(bytes), 0) INTO more_bytes FROM added;

    SELECT array_agg(DISTINCT t.hash) INTO old_hashes
    FROM geowps.tile t JOIN unnest(in_rows, in_columns, in_hashes) AS given (tile_row, tile_column, hash)
        ON t.level_id = found_id AND t.tile_row = given.tile_row AND t.tile_column = given.tile_column
    WHERE t.hash <> given.hash;

    WITH stored AS (
        INSERT INTO geowps.tile (level_id, tile_row, tile_column, hash, made, flags)
        SELECT found_id, given.* FROM unnest(in_rows, in_columns, in_hashes, in_made, in_flags) AS given
        ON CONFLICT (level_id, tile_row, tile_column) DO UPDATE SET hash = excluded.hash, made = excluded.made, flags = excluded.flags
        RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new) INTO more_tiles FROM stored;

    UPDATE geowps.tile_level SET tiles = tiles + more_tiles, bytes = bytes + more_bytes WHERE id = found_id;
    IF old_hashes IS NOT NULL THEN
        PERFORM geowps.remove_contents(old_hashes);
    END IF;
END $$;

-- The same, by who has the turn; false when it has gone to another, or what it was about was emptied.
CREATE FUNCTION geowps.put_tiles_in_turn(
    in_key text, in_number bigint, in_layer text, in_set text, in_format text, in_level integer,
    in_rows integer[], in_columns integer[], in_hashes bytea[], in_made bigint[], in_flags integer[], in_content_hashes bytea[], in_contents bytea[]
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM geowps.tile_turn WHERE key = in_key AND number = in_number FOR SHARE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    PERFORM geowps.put_tiles(in_layer, in_set, in_format, in_level, in_rows, in_columns, in_hashes, in_made, in_flags, in_content_hashes, in_contents);
    RETURN true;
END $$;
