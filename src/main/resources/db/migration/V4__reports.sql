-- Usage reports that Gcore makes slowly. A job is what somebody asked for; it has a part for each product, which is a
-- report of Gcore's. Any process may work on a part: it claims it by moving due_at into the future, so that the part
-- falls due again by itself when that process dies.
CREATE SCHEMA reports;

CREATE TABLE reports.job (
    job_no        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id            uuid NOT NULL UNIQUE,
    product       text NOT NULL CHECK (product IN ('cdn', 'cloud', 'waap', 'all')),
    gcore_user_id text NOT NULL,
    start_date    date NOT NULL,
    end_date      date NOT NULL CHECK (end_date >= start_date),
    status        text NOT NULL CHECK (status IN ('requested', 'pending', 'in_progress', 'completed', 'partial', 'failed',
                                                  'cancelled', 'timed_out')),
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    expires_at    timestamptz,
    row_count     bigint,
    -- Of the CSV answer.
    size_bytes    bigint,
    sha256        text,
    error_code    text,
    error         text,
    CHECK ((status IN ('requested', 'pending', 'in_progress')) = (ended_at IS NULL)),
    CHECK ((ended_at IS NULL) = (expires_at IS NULL)),
    CHECK ((status IN ('completed', 'partial')) = (sha256 IS NOT NULL)),
    CHECK ((sha256 IS NULL) = (row_count IS NULL) AND (sha256 IS NULL) = (size_bytes IS NULL)),
    CHECK (status NOT IN ('failed', 'timed_out') OR error IS NOT NULL)
);
-- The same request joins the job that runs: by this there is only one.
CREATE UNIQUE INDEX job_open ON reports.job (gcore_user_id, product, start_date, end_date) WHERE ended_at IS NULL;
CREATE INDEX job_expires ON reports.job (expires_at) WHERE expires_at IS NOT NULL;

-- Who asked for a job; more than one when equal requests joined it.
CREATE TABLE reports.request (
    job_no       bigint NOT NULL REFERENCES reports.job ON DELETE CASCADE,
    caller       text NOT NULL,
    created_at   timestamptz NOT NULL,
    callback_url text
);
CREATE INDEX request_of_caller ON reports.request (caller, job_no);
CREATE INDEX request_of_job ON reports.request (job_no);

CREATE TABLE reports.part (
    part_no        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_no         bigint NOT NULL REFERENCES reports.job ON DELETE CASCADE,
    product        text NOT NULL CHECK (product IN ('cdn', 'cloud', 'waap')),
    status         text NOT NULL CHECK (status IN ('requested', 'pending', 'in_progress', 'completed', 'failed',
                                                   'cancelled', 'timed_out')),
    -- Past it, a part is timed out: one that Gcore does not take, counted from the order; one that Gcore does not
    -- complete, from when Gcore took it.
    deadline       timestamptz NOT NULL,
    -- When there is something to do for it; null when there never is again.
    due_at         timestamptz,
    -- Counts the claims: who was given up for dead cannot write over its successor.
    claim          integer NOT NULL DEFAULT 0,
    tries          integer NOT NULL DEFAULT 0,
    -- Written before Gcore is asked for the report, so that after a death in between one can look whether it has it.
    starting_since timestamptz,
    features       integer[],
    gcore_uuid     uuid UNIQUE,
    gcore_status   text,
    updated_at     timestamptz NOT NULL,
    -- The names of its columns, and where its rows are.
    header         text[],
    row_count      bigint,
    packed_bytes   bigint,
    object_key     text,
    error_code     text,
    error          text,
    UNIQUE (job_no, product),
    CHECK (status IN ('completed', 'failed', 'cancelled', 'timed_out') OR due_at IS NOT NULL),
    CHECK ((status = 'completed') = (row_count IS NOT NULL)),
    CHECK ((row_count IS NULL) = (header IS NULL) AND (row_count IS NULL) = (packed_bytes IS NULL)),
    CHECK (gcore_uuid IS NULL OR starting_since IS NOT NULL)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
-- Apart, so that many that wait to be started do not keep the others from being found.
CREATE INDEX part_due_start ON reports.part (due_at) WHERE due_at IS NOT NULL AND status = 'requested';
CREATE INDEX part_due ON reports.part (due_at) WHERE due_at IS NOT NULL AND status <> 'requested';
CREATE INDEX part_kept ON reports.part (part_no) WHERE packed_bytes > 0;

-- The rows of a part: CSV without a header, as one gzip stream cut into pieces.
CREATE TABLE reports.result_chunk (
    part_no bigint NOT NULL REFERENCES reports.part ON DELETE CASCADE,
    place   integer NOT NULL,
    bytes   bytea NOT NULL,
    PRIMARY KEY (part_no, place)
);
-- They are compressed already.
ALTER TABLE reports.result_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;
