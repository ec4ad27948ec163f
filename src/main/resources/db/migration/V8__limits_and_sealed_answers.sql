-- Rates that all replicas keep together. Lost with a crash of the server, which forgives everybody. No index but the
-- key's, so that a row that is updated thousands of times a second is updated in its page.
CREATE UNLOGGED TABLE platform.rate_limit (
    bucket         text PRIMARY KEY CHECK (length(bucket) <= 200),
    -- When the bucket will be full again, in microseconds since 1970.
    full_at_micros bigint NOT NULL,
    -- Whether the last request was; so the statement that decided it can say.
    allowed        boolean NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- An answer that holds a secret, such as a new key, is encrypted under a key that only who sent it has.
ALTER TABLE platform.idempotency_key ADD COLUMN sealed boolean NOT NULL DEFAULT false;
