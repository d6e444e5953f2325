-- Tiles of all nodes. A level is emptied by removing its row: what refers to it is found by nobody and goes a piece at a time.
CREATE TABLE IF NOT EXISTS geowps.tile_level (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    layer text NOT NULL,
    tile_matrix_set text NOT NULL,
    format text NOT NULL,
    level integer NOT NULL,
    tiles bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    UNIQUE (layer, tile_matrix_set, format, level)
);

CREATE TABLE IF NOT EXISTS geowps.tile_level_removed (id bigint PRIMARY KEY);

-- Identical tiles have one content.
CREATE TABLE IF NOT EXISTS geowps.tile_content (hash bytea PRIMARY KEY, data bytea NOT NULL);
ALTER TABLE geowps.tile_content ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE IF NOT EXISTS geowps.tile (
    level_id bigint NOT NULL,
    tile_row integer NOT NULL,
    tile_column integer NOT NULL,
    hash bytea NOT NULL,
    made bigint NOT NULL,
    flags integer NOT NULL,
    PRIMARY KEY (level_id, tile_row, tile_column)
);
CREATE INDEX IF NOT EXISTS tile_hash ON geowps.tile USING hash (hash);

CREATE OR REPLACE FUNCTION geowps.put_tiles(
    in_layer text, in_set text, in_format text, in_level integer,
    in_rows integer[], in_columns integer[], in_hashes bytea[], in_made bigint[], in_flags integer[], in_content_hashes bytea[], in_contents bytea[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found_id bigint;
    more_tiles bigint;
    more_bytes bigint;
BEGIN
    -- Held to the end: who removes the level waits, and then finds these tiles in it.
    LOOP
        SELECT id INTO found_id FROM geowps.tile_level
        WHERE layer = in_layer AND tile_matrix_set = in_set AND format = in_format AND level = in_level FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO geowps.tile_level (layer, tile_matrix_set, format, level) VALUES (in_layer, in_set, in_format, in_level) ON CONFLICT DO NOTHING;
    END LOOP;

    WITH added AS (
        INSERT INTO geowps.tile_content (hash, data)
        SELECT hash, data FROM unnest(in_content_hashes, in_contents) AS given (hash, data) ORDER BY hash
        ON CONFLICT DO NOTHING
        RETURNING length(data) AS bytes
    )
    SELECT coalesce(sum(bytes), 0) INTO more_bytes FROM added;

    WITH stored AS (
        INSERT INTO geowps.tile (level_id, tile_row, tile_column, hash, made, flags)
        SELECT found_id, given.* FROM unnest(in_rows, in_columns, in_hashes, in_made, in_flags) AS given
        ON CONFLICT (level_id, tile_row, tile_column) DO UPDATE SET hash = excluded.hash, made = excluded.made, flags = excluded.flags
        RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new) INTO more_tiles FROM stored;

    UPDATE geowps.tile_level SET tiles = tiles + more_tiles, bytes = bytes + more_bytes WHERE id = found_id;
END $$;

-- Removes contents that no tile has any more. Gives their bytes.
CREATE OR REPLACE FUNCTION geowps.remove_contents(hashes bytea[]) RETURNS bigint LANGUAGE sql AS $$
    WITH locked AS (SELECT hash FROM geowps.tile_content WHERE hash = ANY (hashes) ORDER BY hash FOR UPDATE),
    removed AS (
        DELETE FROM geowps.tile_content c USING locked WHERE c.hash = locked.hash AND NOT EXISTS (SELECT 1 FROM geowps.tile t WHERE t.hash = c.hash)
        RETURNING length(c.data) AS bytes
    )
    SELECT coalesce(sum(bytes), 0)::bigint FROM removed
$$;

CREATE OR REPLACE FUNCTION geowps.remove_tiles(of_level bigint, in_rows integer[], in_columns integer[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    gone bytea[];
    bytes_gone bigint;
BEGIN
    PERFORM 1 FROM geowps.tile_level WHERE id = of_level FOR UPDATE;
    WITH removed AS (
        DELETE FROM geowps.tile t USING unnest(in_rows, in_columns) AS given (tile_row, tile_column)
        WHERE t.level_id = of_level AND t.tile_row = given.tile_row AND t.tile_column = given.tile_column
        RETURNING t.hash
    )
    SELECT coalesce(array_agg(hash), '{}') INTO gone FROM removed;
    bytes_gone := geowps.remove_contents(gone);
    UPDATE geowps.tile_level SET tiles = tiles - cardinality(gone), bytes = greatest(0, bytes - bytes_gone) WHERE id = of_level;
    RETURN bytes_gone + 64 * cardinality(gone);
END $$;
