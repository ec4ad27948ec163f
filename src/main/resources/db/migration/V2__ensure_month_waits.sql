-- Makes the partition of a day's month unless it is there. The wait is for a lock on the table: only by taking one does
-- a session hear of tables that others have made meanwhile. After the advisory lock of V1, who had waited looked into
-- what he had remembered, did not see the month that the other had just made, and failed to make it again.
-- The lock is the one that ATTACH takes anyway; readers and writers go on.
CREATE OR REPLACE FUNCTION cdr_data.ensure_month(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month     date := date_trunc('month', day::timestamp)::date;
    partition text := cdr_data.month_partition(month);
BEGIN
    IF to_regclass('cdr_data.' || partition) IS NOT NULL THEN
        RETURN;
    END IF;
    LOCK TABLE ONLY cdr_data.voice_cdr IN SHARE UPDATE EXCLUSIVE MODE;
    IF to_regclass('cdr_data.' || partition) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE cdr_data.%I (LIKE cdr_data.voice_cdr INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
    EXECUTE format('ALTER TABLE cdr_data.voice_cdr ATTACH PARTITION cdr_data.%I FOR VALUES FROM (%L) TO (%L)', partition,
                   month || ' 00:00:00Z', (month + interval '1 month')::date || ' 00:00:00Z');
    CALL cdr_data.create_triggers(format('cdr_data.%I', partition)::regclass);
END $$;
