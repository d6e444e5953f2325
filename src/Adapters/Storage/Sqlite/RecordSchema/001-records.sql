-- id: words of the title in its upper bits, a number in its lower 40, so that reading by id is reading short titles first.
CREATE TABLE records (
    id INTEGER NOT NULL PRIMARY KEY,
    record_id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    local_id TEXT NOT NULL,
    version TEXT,
    type TEXT NOT NULL,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    created INTEGER,
    updated INTEGER,
    time_from INTEGER,
    time_to INTEGER,
    owner TEXT,
    UNIQUE (source, local_id)
);
CREATE INDEX records_by_title ON records (title_key, record_id);
CREATE INDEX records_by_update ON records (updated);
CREATE INDEX records_by_type ON records (type, title_key);
CREATE INDEX records_of_owners ON records (owner) WHERE owner IS NOT NULL;

-- What the numbers in ids go on from.
CREATE TABLE record_numbers (only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1), next INTEGER NOT NULL);
INSERT INTO record_numbers VALUES (1, 1);

CREATE TABLE record_documents (
    record INTEGER NOT NULL PRIMARY KEY,
    document TEXT NOT NULL,
    description TEXT,
    description_key TEXT,
    text TEXT
);

CREATE TABLE record_weights (record INTEGER NOT NULL PRIMARY KEY, record_id TEXT NOT NULL, weights BLOB NOT NULL);

-- Of the words nothing is kept but where they are. They are made before they come here: letters, digits and what is not ASCII, with a space between.
CREATE VIRTUAL TABLE record_words USING fts5 (
    title, keywords, description, body, owner,
    content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1 2 3'
);

CREATE TABLE record_values (
    record INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    key TEXT NOT NULL,
    number REAL,
    PRIMARY KEY (record, name, value)
) WITHOUT ROWID;
CREATE INDEX record_values_by_value ON record_values (name, value, record);

-- The tree keeps numbers in single precision, rounded outwards; the exact ones stand beside.
CREATE VIRTUAL TABLE record_areas USING rtree (id, min_x, max_x, min_y, max_y, +record INTEGER, +west REAL, +east REAL, +south REAL, +north REAL);
