-- The newest edition of each document that all nodes make alike.
CREATE TABLE geowps.editions (
    document text COLLATE "C" NOT NULL PRIMARY KEY,
    content text NOT NULL,
    number bigint NOT NULL
);

-- The number of an edition of this content, which is the newest afterwards. Its row stays locked to the end, also when it stays as it is; other nodes are told of another one.
CREATE FUNCTION geowps.take_edition(in_document text, in_content text, in_node text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    taken bigint;
BEGIN
    INSERT INTO geowps.editions AS e (document, content, number) VALUES (in_document, in_content, geowps.now_ms())
    ON CONFLICT (document) DO UPDATE SET content = excluded.content, number = greatest(excluded.number, e.number + 1) WHERE e.content <> excluded.content
    RETURNING number INTO taken;
    IF FOUND THEN
        PERFORM pg_notify('geowps', in_node || ' edition ' || in_document);
        RETURN taken;
    END IF;

    RETURN (SELECT number FROM geowps.editions WHERE document = in_document);
END $$;
