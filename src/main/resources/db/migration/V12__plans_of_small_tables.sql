-- The plans of ledger.* are made once in each connection. One that was made while the ledger had a few rows read all of an
-- account's entries into memory, which was cheaper then, and went on doing so with each charge as the ledger grew. So each
-- look-up is one by its key now, whatever the size.
ALTER FUNCTION ledger.charge(bigint[], bigint[], text[], text[], bytea[], bytea[], uuid[], timestamptz, timestamptz,
    timestamptz, bigint) SET enable_material = off;
ALTER FUNCTION ledger.refund(bigint[], text[], timestamptz) SET enable_material = off;
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

/* Says that these charges are answered; gives the ids of those that were still open. */
CREATE FUNCTION ledger.settle(p_usage_ids bigint[], p_records bigint[], p_millis bigint[]) RETURNS SETOF bigint
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
BEGIN
    RETURN QUERY UPDATE public.usage_logs usage
       SET state = 'answered', due_at = NULL, records_returned = asked.records, response_time_ms = asked.millis
      FROM unnest(p_usage_ids, p_records, p_millis) AS asked (id, records, millis)
     WHERE usage.id = asked.id AND usage.state = 'open' RETURNING usage.id;
END $$;
