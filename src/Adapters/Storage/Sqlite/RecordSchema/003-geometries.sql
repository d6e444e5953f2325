-- Of records whose place is more than a box.
CREATE TABLE record_geometries (record INTEGER NOT NULL PRIMARY KEY, geometry TEXT NOT NULL);
INSERT INTO record_geometries (record, geometry)
SELECT record, json_extract(document, '$.GeometryJson') FROM record_documents WHERE json_extract(document, '$.GeometryJson') IS NOT NULL;
