-- Nodes that are there. Times are the database's.
CREATE TABLE geowps.nodes (
    id text PRIMARY KEY,
    name text NOT NULL,
    address text NOT NULL,
    services text[] NOT NULL,
    version text NOT NULL,
    expires timestamptz NOT NULL
);

-- A heartbeat; tells the others when the node was not known, or not any more. An earlier run at the same address is gone, whatever it said.
CREATE FUNCTION geowps.keep_node(in_id text, in_name text, in_address text, in_services text[], in_version text, lifetime interval) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    forgotten boolean;
BEGIN
    SELECT expires < now() INTO forgotten FROM geowps.nodes WHERE id = in_id FOR UPDATE;
    IF FOUND THEN
        UPDATE geowps.nodes SET expires = now() + lifetime WHERE id = in_id;
    ELSE
        DELETE FROM geowps.nodes WHERE address = in_address AND id <> in_id;
        INSERT INTO geowps.nodes (id, name, address, services, version, expires)
        VALUES (in_id, in_name, in_address, in_services, in_version, now() + lifetime)
        ON CONFLICT (id) DO UPDATE SET expires = excluded.expires;
        forgotten := true;
    END IF;

    -- Long gone: they are not shown any more (known_nodes), and here they go. Never when they could not beat, because the database was away.
    WITH lost AS (
        SELECT id FROM geowps.nodes WHERE greatest(expires, pg_postmaster_start_time()) < now() - 4 * lifetime FOR UPDATE SKIP LOCKED
    )
    DELETE FROM geowps.nodes n USING lost WHERE n.id = lost.id;
    IF FOUND OR forgotten THEN
        PERFORM pg_notify('geowps_nodes', '');
    END IF;
END $$;

CREATE FUNCTION geowps.end_node(in_id text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM geowps.nodes WHERE id = in_id;
    IF FOUND THEN
        PERFORM pg_notify('geowps_nodes', '');
    END IF;
END $$;

-- A node is known until its lifetime has passed without a beat. When the database has just started, all have that time again; `grace` is for a reader who lost it.
CREATE FUNCTION geowps.known_nodes(lifetime interval, grace interval) RETURNS SETOF geowps.nodes LANGUAGE sql STABLE AS $$
    SELECT * FROM geowps.nodes WHERE greatest(expires, pg_postmaster_start_time() + lifetime) > now() - grace
$$;
