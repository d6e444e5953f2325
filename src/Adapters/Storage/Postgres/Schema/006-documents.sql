-- Documents: what Marten reads and writes, as it would make the tables itself, and ids in the order of their characters.
DROP TABLE geowps.layers;
CREATE TABLE geowps.mt_doc_layer (
    id varchar COLLATE "C" NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamptz DEFAULT transaction_timestamp(),
    mt_version uuid NOT NULL DEFAULT (md5(random()::text || clock_timestamp()::text)::uuid),
    mt_dotnet_type varchar,
    expires timestamptz,
    bytes bigint,
    CONSTRAINT pkey_mt_doc_layer_id PRIMARY KEY (id)
);
CREATE INDEX layers_by_expiry ON geowps.mt_doc_layer (expires, bytes) WHERE expires IS NOT NULL;

-- What one gateway has counted in one hour.
CREATE TABLE geowps.mt_doc_calls (
    id varchar COLLATE "C" NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamptz DEFAULT transaction_timestamp(),
    mt_version uuid NOT NULL DEFAULT (md5(random()::text || clock_timestamp()::text)::uuid),
    mt_dotnet_type varchar,
    hour timestamptz,
    CONSTRAINT pkey_mt_doc_calls_id PRIMARY KEY (id)
);
CREATE INDEX mt_doc_calls_idx_hour ON geowps.mt_doc_calls (hour);

-- Messages that one node shall handle, as Wolverine keeps them: those to come and those that go, those given up, and who is there to handle them.
CREATE TABLE geowps.wolverine_outgoing_envelopes (
    id uuid NOT NULL,
    owner_id integer NOT NULL,
    destination varchar NOT NULL,
    deliver_by timestamptz,
    body bytea NOT NULL,
    attempts integer DEFAULT 0,
    message_type varchar NOT NULL,
    CONSTRAINT pkey_wolverine_outgoing_envelopes_id PRIMARY KEY (id)
);
CREATE INDEX idx_wolverine_outgoing_envelopes_owner ON geowps.wolverine_outgoing_envelopes (owner_id) WHERE owner_id <> 0;
CREATE INDEX idx_wolverine_outgoing_envelopes_recover ON geowps.wolverine_outgoing_envelopes (destination) WHERE owner_id = 0;

CREATE TABLE geowps.wolverine_incoming_envelopes (
    id uuid NOT NULL,
    status varchar NOT NULL,
    owner_id integer NOT NULL,
    execution_time timestamptz DEFAULT NULL,
    attempts integer DEFAULT 0,
    body bytea NOT NULL,
    message_type varchar NOT NULL,
    received_at varchar,
    keep_until timestamptz,
    CONSTRAINT pkey_wolverine_incoming_envelopes_id PRIMARY KEY (id)
);
CREATE INDEX idx_wolverine_incoming_envelopes_owner ON geowps.wolverine_incoming_envelopes (owner_id) WHERE owner_id <> 0;
CREATE INDEX idx_wolverine_incoming_envelopes_recover ON geowps.wolverine_incoming_envelopes (received_at) WHERE status = 'Incoming' AND owner_id = 0;
CREATE INDEX idx_wolverine_incoming_envelopes_keep_until ON geowps.wolverine_incoming_envelopes (keep_until) WHERE status = 'Handled';
CREATE INDEX idx_wolverine_incoming_envelopes_scheduled ON geowps.wolverine_incoming_envelopes (execution_time) WHERE status = 'Scheduled';

CREATE TABLE geowps.wolverine_dead_letters (
    id uuid NOT NULL,
    execution_time timestamptz DEFAULT NULL,
    body bytea NOT NULL,
    message_type varchar NOT NULL,
    received_at varchar,
    source varchar,
    exception_type varchar,
    exception_message varchar,
    sent_at timestamptz,
    replayable boolean,
    failure_group varchar(100),
    failure_title varchar(500),
    failed_at timestamptz,
    first_failed_at timestamptz,
    replay_count integer,
    last_replayed_at timestamptz,
    archived_at timestamptz,
    CONSTRAINT pkey_wolverine_dead_letters_id PRIMARY KEY (id)
);
CREATE INDEX idx_wolverine_dead_letters_replayable ON geowps.wolverine_dead_letters (replayable) WHERE replayable = true;
CREATE INDEX idx_wolverine_dead_letters_failure_group ON geowps.wolverine_dead_letters (failure_group);

CREATE TABLE geowps.wolverine_dead_letter_history (
    id uuid NOT NULL,
    replay_count integer,
    last_replayed_at timestamptz,
    first_failed_at timestamptz,
    CONSTRAINT pkey_wolverine_dead_letter_history_id PRIMARY KEY (id)
);
CREATE INDEX idx_wolverine_dead_letter_history_last_replayed_at ON geowps.wolverine_dead_letter_history (last_replayed_at);

CREATE TABLE geowps.wolverine_nodes (
    id uuid NOT NULL,
    node_number serial NOT NULL,
    description varchar NOT NULL,
    uri varchar NOT NULL,
    started timestamptz NOT NULL DEFAULT now(),
    health_check timestamptz NOT NULL DEFAULT now(),
    version varchar,
    capabilities text[],
    CONSTRAINT pkey_wolverine_nodes_id PRIMARY KEY (id)
);

CREATE TABLE geowps.wolverine_node_assignments (
    id varchar NOT NULL,
    node_id uuid,
    started timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pkey_wolverine_node_assignments_id PRIMARY KEY (id),
    CONSTRAINT fkey_wolverine_node_assignments_node_id FOREIGN KEY (node_id) REFERENCES geowps.wolverine_nodes (id) ON DELETE CASCADE
);

CREATE TABLE geowps.wolverine_control_queue (
    id uuid NOT NULL,
    message_type varchar NOT NULL,
    node_id uuid NOT NULL,
    body bytea NOT NULL,
    posted timestamptz NOT NULL DEFAULT now(),
    expires timestamptz,
    CONSTRAINT pkey_wolverine_control_queue_id PRIMARY KEY (id)
);

CREATE TABLE geowps.wolverine_node_records (
    id serial NOT NULL,
    node_number integer NOT NULL,
    event_name varchar NOT NULL,
    timestamp timestamptz NOT NULL DEFAULT now(),
    description varchar,
    CONSTRAINT pkey_wolverine_node_records_id PRIMARY KEY (id)
);

CREATE TABLE geowps.wolverine_agent_restrictions (
    id uuid NOT NULL,
    uri varchar NOT NULL,
    type varchar NOT NULL,
    node integer NOT NULL DEFAULT 0,
    CONSTRAINT pkey_wolverine_agent_restrictions_id PRIMARY KEY (id)
);
