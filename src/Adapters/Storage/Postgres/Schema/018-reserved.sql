-- What uploads on their way take up, without reading those that are files.
CREATE INDEX uploads_reserved ON geowps.uploads (owner, kind, length, received) WHERE status <> 'stored';
