package dev.tally.calls;

/** The SQL of {@link UsageQueries} and {@link SubscriberQueries}. docs/adr/0002 says why a zone's days are reckoned this way. */
final class UsageSql {
    /** The days of UTC, as they stand in the roll-up. Parameters: those of the condition. */
    private static final String UTC_DAYS = """
                                           SELECT day.msisdn, day.day - DATE '1970-01-01' AS epoch_day, day.voice_calls, day.video_calls,
                                                  day.voice_duration_seconds, day.video_duration_seconds,
                                                  day.min_duration_seconds, day.max_duration_seconds, day.first_call, day.last_call
                                             FROM cdr_data.usage_day AS day
                                            WHERE %s""";

    /**
     * The calls of some days of the roll-up: at (microseconds since the epoch), seconds, video (1 or 0). The raw rows
     * are read for days with too many calls to be packed; OFFSET 0 keeps the planner from reading all raw rows instead
     * of looking into their index. Parameters: those of the condition, twice.
     */
    private static final String CALLS = """
                                        SELECT day.msisdn, (day.day - DATE '1970-01-01') * 86400000000 + (call >> 21) AS at,
                                               (call >> 1) & 1048575 AS seconds, call & 1 AS video
                                          FROM cdr_data.usage_day AS day CROSS JOIN unnest(day.calls) AS call
                                         WHERE %1$s
                                         UNION ALL
                                        SELECT day.msisdn, cdr.at, cdr.seconds, cdr.video
                                          FROM cdr_data.usage_day AS day
                                         CROSS JOIN LATERAL (
                                               SELECT (extract(epoch FROM start_time) * 1000000)::bigint AS at, duration_seconds::bigint AS seconds,
                                                      CASE call_type WHEN 'video' THEN 1 ELSE 0 END::bigint AS video
                                                 FROM cdr_data.voice_cdr
                                                WHERE voice_cdr.msisdn = day.msisdn
                                                  AND start_time >= day.day::timestamp AT TIME ZONE 'UTC'
                                                  AND start_time < (day.day + 1)::timestamp AT TIME ZONE 'UTC'
                                               OFFSET 0) AS cdr
                                         WHERE day.calls IS NULL AND %1$s""";

    /**
     * Calls with their local date. Parameters: the offsets in microseconds, since when each holds in microseconds of
     * the epoch, those of the calls, the first and the last date as days of the epoch.
     */
    private static final String LOCAL_CALLS = """
                                              SELECT *
                                                FROM (SELECT calls.*, (at + (?::bigint[])[width_bucket(at, ?::bigint[])]) / 86400000000 AS epoch_day
                                                        FROM (%s) AS calls) AS local
                                               WHERE epoch_day BETWEEN ? AND ?""";

    /** The days of a zone. Parameters: those of the local calls. */
    private static final String ZONE_DAYS = """
                                            SELECT msisdn, epoch_day::integer AS epoch_day,
                                                   count(*) FILTER (WHERE video = 0) AS voice_calls, count(*) FILTER (WHERE video = 1) AS video_calls,
                                                   coalesce(sum(seconds) FILTER (WHERE video = 0), 0)::bigint AS voice_duration_seconds,
                                                   coalesce(sum(seconds) FILTER (WHERE video = 1), 0)::bigint AS video_duration_seconds,
                                                   min(seconds)::integer AS min_duration_seconds, max(seconds)::integer AS max_duration_seconds,
                                                   TIMESTAMPTZ 'epoch' + min(at) * INTERVAL '1 microsecond' AS first_call,
                                                   TIMESTAMPTZ 'epoch' + max(at) * INTERVAL '1 microsecond' AS last_call
                                              FROM (%s) AS local_calls
                                             GROUP BY msisdn, epoch_day""";

    private static final String MEASURES = "epoch_day, voice_calls, video_calls, voice_duration_seconds,"
            + " video_duration_seconds, min_duration_seconds, max_duration_seconds";

    private static final String ONE = """
                                      SELECT %s, changed_at, version
                                        FROM cdr_data.subscriber LEFT JOIN LATERAL (%s) AS days ON true
                                       WHERE subscriber.msisdn = ?
                                       ORDER BY epoch_day""";

    private static final String MANY = "SELECT msisdn, " + MEASURES + " FROM (%s) AS days ORDER BY msisdn, epoch_day";

    /**
     * The subscribers with the most. Days that lie within the period in every zone are taken from the roll-up as they
     * are, the others call by call. Parameters: first and last of the former, those of the local calls, the limit.
     */
    private static final String TOP = """
                                      SELECT msisdn, sum(calls)::bigint AS total_calls, sum(seconds)::bigint AS total_duration_seconds
                                        FROM (SELECT msisdn, voice_calls + video_calls AS calls,
                                                     voice_duration_seconds + video_duration_seconds AS seconds
                                                FROM cdr_data.usage_day
                                               WHERE day BETWEEN ? AND ?
                                               UNION ALL
                                              SELECT msisdn, 1, seconds FROM (%s) AS local_calls) AS usage
                                       GROUP BY msisdn
                                       ORDER BY %s DESC, msisdn
                                       LIMIT ?""";

    private static final String OF_SUBSCRIBER = "day.msisdn = subscriber.msisdn AND day.day BETWEEN ? AND ?";
    private static final String OF_MANY = "day.msisdn = ANY (?) AND day.day BETWEEN ? AND ?";
    private static final String OF_DAYS = "day.day = ANY (?)";

    private static final String ONE_UTC = ofOne(UTC_DAYS.formatted(OF_SUBSCRIBER), "");
    private static final String ONE_UTC_WITH_CALLS = ofOne(UTC_DAYS.formatted(OF_SUBSCRIBER),
            ", first_call, last_call");
    private static final String ONE_ZONE = ofOne(zoneDays(OF_SUBSCRIBER), "");
    private static final String ONE_ZONE_WITH_CALLS = ofOne(zoneDays(OF_SUBSCRIBER), ", first_call, last_call");
    private static final String MANY_UTC = MANY.formatted(UTC_DAYS.formatted(OF_MANY));
    private static final String MANY_ZONE = MANY.formatted(zoneDays(OF_MANY));
    private static final String TOP_CALLS = top("total_calls");
    private static final String TOP_DURATION = top("total_duration_seconds");

    /** Parameter: the MSISDNs. */
    static final String VERSION_OF_MANY = """
                                          SELECT max(changed_at) AS changed_at, coalesce(sum(version), 0)::bigint AS version
                                            FROM cdr_data.subscriber WHERE msisdn = ANY (?)""";
    static final String VERSION_OF_ALL = """
                                         SELECT max(changed_at) AS changed_at, coalesce(sum(version), 0)::bigint AS version
                                           FROM cdr_data.subscriber""";

    private UsageSql() {}

    /**
     * The days of one subscriber, by date, each with the version. Parameters, as {@code $1}, {@code $2}, …: those of the
     * days, the MSISDN.
     */
    static String ofOne(boolean utc, boolean withCalls) {
        if (utc) {
            return withCalls ? ONE_UTC_WITH_CALLS : ONE_UTC;
        }
        return withCalls ? ONE_ZONE_WITH_CALLS : ONE_ZONE;
    }

    /** The days of several subscribers, by MSISDN and date. Parameters: those of the days. */
    static String ofMany(boolean utc) {
        return utc ? MANY_UTC : MANY_ZONE;
    }

    static String top(TopBy by) {
        return switch (by) {
            case CALLS -> TOP_CALLS;
            case DURATION -> TOP_DURATION;
        };
    }

    private static String ofOne(String days, String furtherColumns) {
        return numbered(ONE.formatted(MEASURES + furtherColumns, days));
    }

    /** With PostgreSQL's own parameters in place of JDBC's. */
    private static String numbered(String sql) {
        StringBuilder numbered = new StringBuilder(sql.length());
        int parameters = 0;
        for (int i = 0; i < sql.length(); i++) {
            if (sql.charAt(i) == '?') {
                numbered.append('$').append(++parameters);
            } else {
                numbered.append(sql.charAt(i));
            }
        }
        return numbered.toString();
    }

    private static String top(String column) {
        return TOP.formatted(LOCAL_CALLS.formatted(CALLS.formatted(OF_DAYS)), column);
    }

    private static String zoneDays(String condition) {
        return ZONE_DAYS.formatted(LOCAL_CALLS.formatted(CALLS.formatted(condition)));
    }
}
