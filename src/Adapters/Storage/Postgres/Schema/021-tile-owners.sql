-- A content belongs to the sum of a level that has a tile of it. One that lost its last such tile handed on what others still have only when the level itself was gone: until then its bytes
-- were counted where nothing could be evicted for them, or, without any tile, by nobody.

-- Whether a level has a tile of a content, without a look at each of many that have the same one.
CREATE INDEX tile_hash_level ON geowps.tile (hash, level_id);
DROP INDEX geowps.tile_hash;

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

    WITH stale AS (
        SELECT c.hash, length(c.data) AS bytes, c.level_id AS old_id,
            (SELECT t.level_id FROM geowps.tile t JOIN geowps.tile_level l ON l.id = t.level_id WHERE t.hash = c.hash LIMIT 1) AS new_id
        FROM geowps.tile_content c
        WHERE c.hash = ANY (hashes) AND NOT EXISTS (SELECT FROM geowps.tile t JOIN geowps.tile_level l ON l.id = t.level_id WHERE t.hash = c.hash AND t.level_id = c.level_id)
    ),
    moved AS (UPDATE geowps.tile_content c SET level_id = stale.new_id FROM stale WHERE c.hash = stale.hash)
    UPDATE geowps.tile_level l SET bytes = l.bytes + s.bytes
    FROM (
        SELECT id, sum(bytes) AS bytes FROM (SELECT new_id AS id, bytes FROM stale UNION ALL SELECT old_id, -bytes FROM stale) change GROUP BY 1
    ) s WHERE l.id = s.id;
    RETURN bytes_gone;
END $$;

-- What was handed on to nobody before.
UPDATE geowps.tile_content c SET level_id = (SELECT t.level_id FROM geowps.tile t JOIN geowps.tile_level l ON l.id = t.level_id WHERE t.hash = c.hash LIMIT 1)
WHERE NOT EXISTS (SELECT FROM geowps.tile t JOIN geowps.tile_level l ON l.id = t.level_id WHERE t.hash = c.hash AND t.level_id = c.level_id);
UPDATE geowps.tile_level l SET bytes = (SELECT coalesce(sum(length(data)), 0) FROM geowps.tile_content c WHERE c.level_id = l.id);
