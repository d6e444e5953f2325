-- Classification schemes as JSON; another version each time one is stored.
CREATE TABLE geowps.schemes (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    version text NOT NULL,
    document text NOT NULL
);

-- Codes that an operator gave; they outlive the record, which its source may store anew.
CREATE TABLE geowps.record_codes (
    record_id text COLLATE "C" NOT NULL PRIMARY KEY,
    codes text NOT NULL
);

-- Sums by month. Record '' is none in particular.
CREATE TABLE geowps.record_use (
    month text COLLATE "C" NOT NULL,
    record text COLLATE "C" NOT NULL,
    caller text COLLATE "C" NOT NULL,
    opened bigint NOT NULL,
    downloaded bigint NOT NULL,
    searched bigint NOT NULL,
    shown bigint NOT NULL,
    PRIMARY KEY (month, record, caller)
);
