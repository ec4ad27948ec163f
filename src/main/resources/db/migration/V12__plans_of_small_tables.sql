-- The plans of ledger.* are made once in each connection. One that was made while the ledger had a few rows read all of an
-- account's entries into memory, which was cheaper then, and went on doing so with each charge as the ledger grew, until
-- the tables were analyzed. So each look-up is written in such a way that it can be done by key only, whatever the size.
ALTER FUNCTION ledger.charge(bigint[], bigint[], text[], text[], bytea[], bytea[], uuid[], timestamptz, timestamptz,
    timestamptz, bigint) SET enable_material = off;
ALTER FUNCTION ledger.add(bigint, text, bigint, text, timestamptz) SET enable_material = off;

CREATE OR REPLACE FUNCTION public.ledger_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added
                WHERE CASE WHEN added.number = 1 THEN 0
                           ELSE (SELECT before.balance_after FROM public.ledger_entries before
                                  WHERE before.user_id = added.user_id AND before.number = added.number - 1)
                       END + added.amount IS DISTINCT FROM added.balance_after) THEN
        RAISE EXCEPTION 'The ledger does not add up' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION public.balance_is_the_ledgers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed
                WHERE CASE WHEN changed.entries = 0 THEN 0
                           ELSE (SELECT entry.balance_after FROM public.ledger_entries entry
                                  WHERE entry.user_id = changed.user_id AND entry.number = changed.entries)
                       END IS DISTINCT FROM changed.credits_balance) THEN
        RAISE EXCEPTION 'The balance is not that of the ledger' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

/*
 * Gives back what these were charged, those of them that are in one of the states; forgets their running
 * Idempotency-Keys, with which nothing was done. Gives the ids that were given back now.
 */
CREATE OR REPLACE FUNCTION ledger.refund(p_usage_ids bigint[], p_states text[], p_now timestamptz) RETURNS SETOF bigint
LANGUAGE plpgsql SET tally.ledger = 'open' SET lock_timeout = '1s' SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
    item   bigint;
    users  bigint[];
    holder bigint;
    key    bytea;
    undone  bigint[] := '{}';
    holders bigint[] := '{}';
    keys    bytea[] := '{}';
BEGIN
    SELECT array_agg(DISTINCT (SELECT u.user_id FROM public.usage_logs u WHERE u.id = asked.id)) INTO users
      FROM unnest(p_usage_ids) AS asked (id);
    PERFORM FROM public.credits c WHERE c.user_id = ANY (users) ORDER BY c.user_id FOR UPDATE;
    FOR item IN SELECT DISTINCT asked.id FROM unnest(p_usage_ids) AS asked (id) ORDER BY asked.id LOOP
        UPDATE public.usage_logs u SET state = 'refunded', due_at = NULL, credits_used = 0
         WHERE u.id = item AND u.state = ANY (p_states) RETURNING u.user_id, u.key_sha256 INTO holder, key;
        IF FOUND THEN
            undone := undone || item;
            holders := holders || holder;
            keys := keys || key;
        END IF;
    END LOOP;

    INSERT INTO public.ledger_entries (user_id, number, created_at, kind, amount, balance_after, reference, usage_id)
    SELECT charge.user_id, account.entries + row_number() OVER each, p_now, 'refund', -charge.amount,
           account.credits_balance + sum(-charge.amount) OVER each, charge.reference, gone.usage_id
      FROM unnest(undone) AS gone (usage_id)
     CROSS JOIN LATERAL (SELECT e.user_id, e.amount, e.reference FROM public.ledger_entries e
                          WHERE e.usage_id = gone.usage_id AND e.kind = 'charge' LIMIT 1) charge
     CROSS JOIN LATERAL (SELECT c.entries, c.credits_balance FROM public.credits c
                          WHERE c.user_id = charge.user_id LIMIT 1) account
    WINDOW each AS (PARTITION BY charge.user_id ORDER BY gone.usage_id ROWS UNBOUNDED PRECEDING)
     ORDER BY charge.user_id, gone.usage_id;
    UPDATE public.credits c SET credits_balance = last.balance_after, entries = last.number, updated_at = p_now
      FROM (SELECT DISTINCT ON (entry.user_id) entry.user_id, entry.number, entry.balance_after
              FROM unnest(undone) AS gone (usage_id)
             CROSS JOIN LATERAL (SELECT e.user_id, e.number, e.balance_after FROM public.ledger_entries e
                                  WHERE e.usage_id = gone.usage_id AND e.kind = 'refund' LIMIT 1) entry
             ORDER BY entry.user_id, entry.number DESC) last
     WHERE c.user_id = last.user_id;
    FOR at IN 1 .. cardinality(undone) LOOP
        DELETE FROM platform.idempotency_key known
         WHERE known.caller = 'user:' || holders[at] AND known.key_sha256 = keys[at]
           AND known.subject = undone[at]::text AND known.state = 'running';
    END LOOP;
    RETURN QUERY SELECT unnest(undone);
END $$;

/* Says that these charges are answered; gives the ids of those that were still open. */
CREATE FUNCTION ledger.settle(p_usage_ids bigint[], p_records bigint[], p_millis bigint[]) RETURNS SETOF bigint
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
    item record;
BEGIN
    -- One by one: a join could be made by reading all usage; and nothing to tempt it to read all that are open. In the
    -- order in which refunds go too.
    FOR item IN SELECT asked.* FROM unnest(p_usage_ids, p_records, p_millis) AS asked (id, records, millis)
                 ORDER BY asked.id LOOP
        UPDATE public.usage_logs usage SET state = 'answered', due_at = NULL, records_returned = item.records,
               response_time_ms = item.millis WHERE usage.id = item.id AND usage.state || '' = 'open';
        IF FOUND THEN
            RETURN NEXT item.id;
        END IF;
    END LOOP;
END $$;
