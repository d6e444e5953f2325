-- Of records whose place is more than a box.
CREATE TABLE geowps.record_geometries (record bigint NOT NULL PRIMARY KEY REFERENCES geowps.records ON DELETE CASCADE, geometry text NOT NULL);
INSERT INTO geowps.record_geometries (record, geometry)
SELECT record, document::json ->> 'GeometryJson' FROM geowps.record_documents WHERE document LIKE '%"GeometryJson":%' AND document::json ->> 'GeometryJson' IS NOT NULL;
