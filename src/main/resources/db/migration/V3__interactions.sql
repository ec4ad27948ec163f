-- Customer contacts per channel and topic, as imports of workbooks brought them.
--
-- What counts is the union of the live imports, those that are completed and not taken back. So for each thing it is
-- kept which of them brought it: then an import can be taken back exactly, in whatever order imports came and went.
CREATE SCHEMA interactions;

-- Which state of the data an answer shows; changed by each import that changes something, and each take-back.
CREATE TABLE interactions.data_version (
    only_one   boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    version    bigint NOT NULL,
    changed_at timestamptz
);
INSERT INTO interactions.data_version (version) VALUES (0);

CREATE TABLE interactions.import (
    import_no      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id             uuid NOT NULL UNIQUE,
    state          text NOT NULL CHECK (state IN ('running', 'completed', 'failed', 'reverted')),
    dry_run        boolean NOT NULL,
    file_name      text NOT NULL,
    sha256         text NOT NULL,
    content_sha256 text,
    same_as        uuid,
    size_bytes     bigint NOT NULL,
    progress       numeric(4, 3) NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    created_by     text NOT NULL,
    created_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    reverted_at    timestamptz,
    failure_code   text,
    failure        text,
    warning_count  bigint NOT NULL DEFAULT 0,
    reject_count   bigint NOT NULL DEFAULT 0,
    CHECK ((state = 'running') = (finished_at IS NULL)),
    CHECK ((state = 'failed') = (failure_code IS NOT NULL)),
    CHECK ((state = 'reverted') = (reverted_at IS NOT NULL))
);

CREATE TABLE interactions.import_sheet (
    import_no integer NOT NULL REFERENCES interactions.import,
    place     integer NOT NULL,
    sheet     text NOT NULL,
    read      bigint NOT NULL,
    added     bigint NOT NULL,
    updated   bigint NOT NULL,
    unchanged bigint NOT NULL,
    rejected  bigint NOT NULL,
    PRIMARY KEY (import_no, place)
);

CREATE TABLE interactions.import_warning (
    import_no   integer NOT NULL REFERENCES interactions.import,
    place       integer NOT NULL,
    sheet       text,
    row_number  bigint,
    column_name text,
    message     text NOT NULL,
    PRIMARY KEY (import_no, place)
);

CREATE TABLE interactions.import_reject (
    import_no   integer NOT NULL REFERENCES interactions.import,
    place       integer NOT NULL,
    sheet       text NOT NULL,
    row_number  bigint NOT NULL,
    column_name text,
    value       text,
    reason      text NOT NULL,
    PRIMARY KEY (import_no, place)
);

-- Occupation and type are those of the latest live import that lists the customer.
CREATE TABLE interactions.customer (
    customer_id bigint PRIMARY KEY CHECK (customer_id > 0),
    occupation  text,
    type        text
);

-- Every import that lists a customer, or has an interaction of one that it does not list.
CREATE TABLE interactions.customer_source (
    customer_id bigint NOT NULL REFERENCES interactions.customer,
    import_no   integer NOT NULL REFERENCES interactions.import,
    listed      boolean NOT NULL,
    occupation  text,
    type        text,
    PRIMARY KEY (customer_id, import_no)
);

-- Those that imports brought; those of the configuration need no row. The key is the folded name, by which one is known;
-- the name is spelt as in the first live import that has it.
CREATE TABLE interactions.channel (
    channel_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key        text COLLATE "C" NOT NULL UNIQUE,
    name       text NOT NULL
);

CREATE TABLE interactions.channel_source (
    channel_id integer NOT NULL REFERENCES interactions.channel,
    import_no  integer NOT NULL REFERENCES interactions.import,
    name       text NOT NULL,
    PRIMARY KEY (channel_id, import_no)
);

CREATE TABLE interactions.product (
    product_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key        text COLLATE "C" NOT NULL UNIQUE,
    name       text NOT NULL
);

CREATE TABLE interactions.product_source (
    product_id integer NOT NULL REFERENCES interactions.product,
    import_no  integer NOT NULL REFERENCES interactions.import,
    name       text NOT NULL,
    PRIMARY KEY (product_id, import_no)
);

-- In which months a product was discussed, each by its first day.
CREATE TABLE interactions.discussion (
    product_id integer NOT NULL REFERENCES interactions.product,
    month      date NOT NULL CHECK (extract(day FROM month) = 1),
    import_no  integer NOT NULL REFERENCES interactions.import,
    PRIMARY KEY (product_id, month, import_no)
);

-- One row for each interaction, with one of the live imports that brought it. Two equal rows of a workbook are two
-- interactions: the second is occurrence 2. Each foreign key is checked row by row, which is most of what an import
-- costs; so there are two, and that the customer, the channel and the import exist follows from what they refer to.
-- There are many rows and few take-backs, so no index finds those of an import.
CREATE TABLE interactions.interaction (
    customer_id bigint NOT NULL,
    at          timestamptz NOT NULL,
    channel_id  integer NOT NULL,
    occurrence  integer NOT NULL CHECK (occurrence > 0),
    import_no   integer NOT NULL,
    PRIMARY KEY (customer_id, at, channel_id, occurrence),
    FOREIGN KEY (customer_id, import_no) REFERENCES interactions.customer_source,
    FOREIGN KEY (channel_id, import_no) REFERENCES interactions.channel_source
);

-- The other live imports that brought it.
CREATE TABLE interactions.interaction_repeat (
    customer_id bigint NOT NULL,
    at          timestamptz NOT NULL,
    channel_id  integer NOT NULL,
    occurrence  integer NOT NULL,
    import_no   integer NOT NULL REFERENCES interactions.import,
    PRIMARY KEY (customer_id, at, channel_id, occurrence, import_no),
    FOREIGN KEY (customer_id, at, channel_id, occurrence) REFERENCES interactions.interaction
);
