-- What the jobs share.
CREATE SCHEMA platform;

-- One row for each Idempotency-Key of a caller, as long as the key is known. Of the key itself only a hash is kept.
CREATE TABLE platform.idempotency_key (
    caller              text NOT NULL,
    key_sha256          bytea NOT NULL CHECK (length(key_sha256) = 32),
    request_fingerprint bytea NOT NULL,
    state               text NOT NULL CHECK (state IN ('running', 'done')),
    -- Which attempt holds it: one that was given up for dead must not end its successor's.
    token               uuid NOT NULL,
    -- What the request has made, such as the id of a job.
    subject             text,
    locked_until        timestamptz NOT NULL,
    status              integer,
    header_names        text[],
    header_values       text[],
    body                bytea,
    created_at          timestamptz NOT NULL,
    expires_at          timestamptz NOT NULL,
    PRIMARY KEY (caller, key_sha256),
    CHECK ((state = 'done') = (status IS NOT NULL AND header_names IS NOT NULL AND header_values IS NOT NULL
                               AND body IS NOT NULL))
);
CREATE INDEX idempotency_key_expiry ON platform.idempotency_key (expires_at);
