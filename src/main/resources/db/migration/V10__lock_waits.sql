-- Whoever holds an account for long, by a transaction left open at a prompt, must not hold up all who are charged in the
-- same statement: the statement ends, and is tried again without that account.
ALTER FUNCTION ledger.charge(bigint[], bigint[], text[], text[], bytea[], bytea[], uuid[], timestamptz, timestamptz,
    timestamptz, bigint) SET lock_timeout = '1s';
ALTER FUNCTION ledger.refund(bigint[], text[], timestamptz) SET lock_timeout = '1s';
ALTER FUNCTION ledger.add(bigint, text, bigint, text, timestamptz) SET lock_timeout = '1s';
