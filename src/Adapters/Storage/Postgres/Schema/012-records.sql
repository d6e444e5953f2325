-- Records of all nodes. Words come here made: the database breaks and folds nothing itself, so that it finds what every other store of ours finds.
CREATE TABLE geowps.records (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_id text COLLATE "C" NOT NULL UNIQUE,
    source text COLLATE "C" NOT NULL,
    local_id text COLLATE "C" NOT NULL,
    version text,
    type text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    title_key text COLLATE "C" NOT NULL,
    title_length integer NOT NULL,
    created bigint,
    updated bigint,
    time_from bigint,
    time_to bigint,
    owner text COLLATE "C",
    title_words tsvector NOT NULL,
    words tsvector NOT NULL,
    UNIQUE (source, local_id)
);
CREATE INDEX records_by_title ON geowps.records (title_key, record_id);
CREATE INDEX records_by_update ON geowps.records (updated);
CREATE INDEX records_by_type ON geowps.records (type, title_key);

-- New words are in the index at once: a list of what is to be put there, which the default keeps, would be read through by every search.
CREATE INDEX records_by_title_words ON geowps.records USING gin (title_words) WITH (fastupdate = off);
CREATE INDEX records_by_words ON geowps.records USING gin (words) WITH (fastupdate = off);

-- row_title, row_all: words in their order, with a space between, for phrases. A tsvector's positions end at 16,383.
CREATE TABLE geowps.record_documents (
    record bigint NOT NULL PRIMARY KEY REFERENCES geowps.records ON DELETE CASCADE,
    document text NOT NULL,
    description text COLLATE "C",
    description_key text COLLATE "C",
    text text,
    weights bytea NOT NULL,
    row_title text NOT NULL,
    row_all text NOT NULL
);

CREATE TABLE geowps.record_values (
    record bigint NOT NULL REFERENCES geowps.records ON DELETE CASCADE,
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    number double precision,
    PRIMARY KEY (record, name, value)
);
CREATE INDEX record_values_by_value ON geowps.record_values (name, value, record);

-- Boxes meet in the database when they nearly do (by a millionth); the numbers beside tell exactly.
CREATE TABLE geowps.record_areas (
    record bigint NOT NULL REFERENCES geowps.records ON DELETE CASCADE,
    west double precision NOT NULL,
    south double precision NOT NULL,
    east double precision NOT NULL,
    north double precision NOT NULL,
    area box GENERATED ALWAYS AS (box(point(east, north), point(west, south))) STORED
);
CREATE INDEX record_areas_by_record ON geowps.record_areas (record);
CREATE INDEX record_areas_by_area ON geowps.record_areas USING gist (area);
