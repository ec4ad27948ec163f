-- Call usage. docs/adr/0001 says why the tables look like this, docs/operations.md how to keep them.
--
-- What must hold at every commit, whatever wrote the CDRs (the load, psql, another program):
--   usage_day holds one row for each MSISDN and UTC day that has calls, and its figures equal those of voice_cdr;
--   cdr_event holds the (source, event_id) of each row of voice_cdr, once;
--   subscriber holds each MSISDN that ever had calls, with a version that grows with each change to its calls.
-- Statement triggers on voice_cdr, and on each of its partitions, keep it so.

CREATE SCHEMA cdr_data;

-- The raw call detail records, a partition a month (of UTC).
CREATE TABLE cdr_data.voice_cdr (
    source           text        NOT NULL COLLATE "C" DEFAULT 'default' CHECK (length(source) BETWEEN 1 AND 32),
    event_id         text        NOT NULL COLLATE "C" CHECK (length(event_id) BETWEEN 1 AND 64),
    msisdn           text        NOT NULL COLLATE "C" CHECK (length(msisdn) BETWEEN 5 AND 15 AND translate(msisdn, '0123456789', '') = ''),
    call_type        text        NOT NULL CHECK (call_type IN ('voice', 'video')),
    start_time       timestamptz NOT NULL CHECK (start_time >= '2000-01-01Z' AND start_time < '2200-01-01Z'),
    duration_seconds integer     NOT NULL CHECK (duration_seconds BETWEEN 0 AND 604800)
) PARTITION BY RANGE (start_time);

-- One composite index, not two: with separate ones a generic plan was seen to take the one on start_time.
CREATE INDEX voice_cdr_msisdn_start_time ON cdr_data.voice_cdr (msisdn, start_time);

-- A unique index of a partitioned table must hold the partition key, so uniqueness over all months has its own table.
CREATE TABLE cdr_data.cdr_event (
    source   text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (source, event_id)
);

CREATE TABLE cdr_data.usage_day (
    msisdn                 text        NOT NULL COLLATE "C",
    day                    date        NOT NULL,
    voice_calls            bigint      NOT NULL,
    video_calls            bigint      NOT NULL,
    voice_duration_seconds bigint      NOT NULL,
    video_duration_seconds bigint      NOT NULL,
    min_duration_seconds   integer     NOT NULL,
    max_duration_seconds   integer     NOT NULL,
    first_call             timestamptz NOT NULL,
    last_call              timestamptz NOT NULL,
    -- Each call as (microseconds of the day << 21) | (duration_seconds << 1) | video, in no order: what a day of
    -- another zone is reckoned from. NULL above cdr_data.packed_calls_limit() calls; then the raw rows serve.
    calls                  bigint[],
    PRIMARY KEY (msisdn, day)
) WITH (fillfactor = 85);
CREATE INDEX usage_day_day ON cdr_data.usage_day USING brin (day) WITH (autosummarize = on);

CREATE TABLE cdr_data.subscriber (
    msisdn     text        NOT NULL COLLATE "C" PRIMARY KEY,
    changed_at timestamptz NOT NULL,
    version    bigint      NOT NULL
) WITH (fillfactor = 85);

CREATE FUNCTION cdr_data.packed_calls_limit() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 500';

CREATE FUNCTION cdr_data.utc_day(start_time timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT (start_time AT TIME ZONE 'UTC')::date $$;

CREATE FUNCTION cdr_data.packed_call(start_time timestamptz, duration_seconds integer, call_type text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ((date_part('epoch', (start_time AT TIME ZONE 'UTC')::time) * 1000000)::bigint << 21)
           | (duration_seconds::bigint << 1) | CASE call_type WHEN 'video' THEN 1 ELSE 0 END
$$;

-- Adds the CDRs of a relation to the roll-up. The rows are locked in the order of their key, as everywhere, so that two
-- writers wait for each other rather than deadlock.
CREATE FUNCTION cdr_data.add_to_usage(cdrs text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT format($sql$
    INSERT INTO cdr_data.usage_day AS day
    SELECT msisdn, cdr_data.utc_day(start_time),
           count(*) FILTER (WHERE call_type = 'voice'),
           count(*) FILTER (WHERE call_type = 'video'),
           coalesce(sum(duration_seconds) FILTER (WHERE call_type = 'voice'), 0),
           coalesce(sum(duration_seconds) FILTER (WHERE call_type = 'video'), 0),
           min(duration_seconds), max(duration_seconds), min(start_time), max(start_time),
           CASE WHEN count(*) <= cdr_data.packed_calls_limit()
                THEN array_agg(cdr_data.packed_call(start_time, duration_seconds, call_type)) END
      FROM %s AS cdr
     GROUP BY 1, 2
     ORDER BY 1, 2
    ON CONFLICT (msisdn, day) DO UPDATE SET
        voice_calls = day.voice_calls + excluded.voice_calls,
        video_calls = day.video_calls + excluded.video_calls,
        voice_duration_seconds = day.voice_duration_seconds + excluded.voice_duration_seconds,
        video_duration_seconds = day.video_duration_seconds + excluded.video_duration_seconds,
        min_duration_seconds = least(day.min_duration_seconds, excluded.min_duration_seconds),
        max_duration_seconds = greatest(day.max_duration_seconds, excluded.max_duration_seconds),
        first_call = least(day.first_call, excluded.first_call),
        last_call = greatest(day.last_call, excluded.last_call),
        calls = CASE WHEN day.voice_calls + day.video_calls + excluded.voice_calls + excluded.video_calls
                          <= cdr_data.packed_calls_limit()
                     THEN day.calls || excluded.calls END
    $sql$, cdrs) $$;

-- A version is never used twice, and a change's time is after the one before, also when a clock is set back.
CREATE FUNCTION cdr_data.mark_changed(cdrs text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT format($sql$
    INSERT INTO cdr_data.subscriber AS subscriber
    SELECT msisdn, clock_timestamp(), 1 FROM (SELECT DISTINCT msisdn FROM %s AS cdr ORDER BY msisdn) AS changed
    ON CONFLICT (msisdn) DO UPDATE SET
        changed_at = greatest(clock_timestamp(), subscriber.changed_at + interval '1 microsecond'),
        version = subscriber.version + 1
    $sql$, cdrs) $$;

CREATE FUNCTION cdr_data.cdrs_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cdr_data.cdr_event SELECT source, event_id FROM new_rows;
    EXECUTE cdr_data.add_to_usage('new_rows');
    EXECUTE cdr_data.mark_changed('new_rows');
    RETURN NULL;
END $$;

-- A minimum cannot be taken back by arithmetic, so the days are reckoned anew from the raw rows. The locks wait for the
-- writers that are under way and keep new ones out, because their uncommitted rows cannot be seen; they are taken in the
-- order in which an insert takes its own. Corrections are rare.
CREATE FUNCTION cdr_data.cdrs_corrected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cdrs text := CASE TG_OP WHEN 'DELETE' THEN '(TABLE old_rows)'
                            ELSE '(SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows)' END;
    days text := format('(SELECT DISTINCT msisdn, cdr_data.utc_day(start_time) AS day FROM %s AS cdr)', cdrs);
BEGIN
    LOCK TABLE cdr_data.cdr_event, cdr_data.usage_day IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM cdr_data.cdr_event event USING old_rows WHERE (event.source, event.event_id) = (old_rows.source, old_rows.event_id);
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO cdr_data.cdr_event SELECT source, event_id FROM new_rows;
    END IF;
    EXECUTE format('DELETE FROM cdr_data.usage_day day USING %s AS changed
                     WHERE (day.msisdn, day.day) = (changed.msisdn, changed.day)', days);
    EXECUTE cdr_data.add_to_usage(format('(SELECT cdr.* FROM %s AS changed JOIN cdr_data.voice_cdr cdr
            ON cdr.msisdn = changed.msisdn AND cdr.start_time >= changed.day::timestamp AT TIME ZONE ''UTC''
           AND cdr.start_time < (changed.day + 1)::timestamp AT TIME ZONE ''UTC'')', days));
    EXECUTE cdr_data.mark_changed(cdrs);
    RETURN NULL;
END $$;

CREATE FUNCTION cdr_data.refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Call records are not truncated: the roll-up would stay behind'
        USING HINT = 'Drop a month with cdr_data.drop_month(date), or use DELETE.';
END $$;

CREATE PROCEDURE cdr_data.create_triggers(relation regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER cdrs_inserted AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION cdr_data.cdrs_inserted()', relation);
    EXECUTE format('CREATE TRIGGER cdrs_updated AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION cdr_data.cdrs_corrected()', relation);
    EXECUTE format('CREATE TRIGGER cdrs_deleted AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION cdr_data.cdrs_corrected()', relation);
    EXECUTE format('CREATE TRIGGER cdrs_truncated BEFORE TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION cdr_data.refuse_truncate()', relation);
END $$;
CALL cdr_data.create_triggers('cdr_data.voice_cdr');

CREATE FUNCTION cdr_data.month_partition(day date) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format('voice_cdr_%s_%s', to_char(extract(year FROM day), 'FM0000'), to_char(extract(month FROM day), 'FM00')) $$;

-- Makes the partition of a day's month unless it is there. It is attached, not created in place, because that lets
-- readers and writers go on.
CREATE FUNCTION cdr_data.ensure_month(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month     date := date_trunc('month', day::timestamp)::date;
    partition text := cdr_data.month_partition(month);
BEGIN
    IF to_regclass('cdr_data.' || partition) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock('cdr_data.voice_cdr'::regclass::oid::bigint);
    IF to_regclass('cdr_data.' || partition) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE cdr_data.%I (LIKE cdr_data.voice_cdr INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
    EXECUTE format('ALTER TABLE cdr_data.voice_cdr ATTACH PARTITION cdr_data.%I FOR VALUES FROM (%L) TO (%L)', partition,
                   month || ' 00:00:00Z', (month + interval '1 month')::date || ' 00:00:00Z');
    CALL cdr_data.create_triggers(format('cdr_data.%I', partition)::regclass);
END $$;

-- Drops the CDRs of a day's month with all that was reckoned from them; says how many CDRs there were.
CREATE FUNCTION cdr_data.drop_month(day date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    first_day date := date_trunc('month', day::timestamp)::date;
    partition text := cdr_data.month_partition(first_day);
    dropped   bigint;
BEGIN
    IF to_regclass('cdr_data.' || partition) IS NULL THEN
        RETURN 0;
    END IF;
    -- With its partitions, because writers may name one of them.
    LOCK TABLE cdr_data.voice_cdr IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('DELETE FROM cdr_data.cdr_event event USING cdr_data.%I cdr
                     WHERE (event.source, event.event_id) = (cdr.source, cdr.event_id)', partition);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    EXECUTE cdr_data.mark_changed(format('cdr_data.%I', partition));
    DELETE FROM cdr_data.usage_day WHERE usage_day.day >= first_day AND usage_day.day < first_day + interval '1 month';
    EXECUTE format('DROP TABLE cdr_data.%I', partition);
    RETURN dropped;
END $$;
