-- Events that are told to callers by HTTP, until they have taken them or a day has passed.
CREATE TABLE platform.webhook_delivery (
    id           uuid PRIMARY KEY,
    -- What it is about, by which its log is found.
    reference    text NOT NULL,
    type         text NOT NULL,
    callback_url text NOT NULL,
    host         text NOT NULL,
    -- As sent each time, to the byte.
    body         bytea NOT NULL,
    state        text NOT NULL CHECK (state IN ('open', 'delivered', 'failed')),
    -- How many attempts were begun; the last one holds the lease.
    attempts     integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- When the next attempt may begin. While one is under way, that is when it counts as dead.
    due_at       timestamptz,
    created_at   timestamptz NOT NULL,
    CHECK ((state = 'open') = (due_at IS NOT NULL))
);
CREATE INDEX webhook_delivery_due ON platform.webhook_delivery (host, due_at) WHERE state = 'open';
CREATE INDEX webhook_delivery_reference ON platform.webhook_delivery (reference, created_at);
CREATE INDEX webhook_delivery_age ON platform.webhook_delivery (created_at);

-- Attempts that ended; one whose process died has no row.
CREATE TABLE platform.webhook_attempt (
    delivery_id uuid NOT NULL REFERENCES platform.webhook_delivery ON DELETE CASCADE,
    number      integer NOT NULL,
    at          timestamptz NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('delivered', 'refused', 'failed', 'timed_out', 'blocked')),
    status      integer,
    PRIMARY KEY (delivery_id, number)
);
