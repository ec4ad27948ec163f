package dev.tally.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import dev.tally.testsupport.ScratchDatabase;

/** A database of a test's own, and what must always hold in it. */
record UsageDatabase(DataSource dataSource) {
    static UsageDatabase create(String name) {
        return new UsageDatabase(ScratchDatabase.create(name));
    }

    /** Compares the roll-up with one that is made of the raw rows by other SQL. */
    void assertRollUpEqualsRawRows() {
        String rollUp = "SELECT msisdn, day, voice_calls, video_calls, voice_duration_seconds, video_duration_seconds,"
                + " min_duration_seconds, max_duration_seconds, first_call, last_call,"
                + " (SELECT array_agg(call ORDER BY call) FROM unnest(calls) AS call) AS calls FROM cdr_data.usage_day";
        String raw = """
                     SELECT msisdn, (start_time AT TIME ZONE 'UTC')::date,
                            count(*) FILTER (WHERE call_type = 'voice'), count(*) FILTER (WHERE call_type = 'video'),
                            coalesce(sum(duration_seconds) FILTER (WHERE call_type = 'voice'), 0),
                            coalesce(sum(duration_seconds) FILTER (WHERE call_type = 'video'), 0),
                            min(duration_seconds), max(duration_seconds), min(start_time), max(start_time),
                            CASE WHEN count(*) <= cdr_data.packed_calls_limit() THEN array_agg(
                                 ((extract(epoch FROM start_time) * 1000000)::bigint % 86400000000) * 2097152
                                 + duration_seconds * 2 + (call_type = 'video')::integer ORDER BY 1) END
                       FROM cdr_data.voice_cdr GROUP BY 1, 2""";
        String sortedRaw = "SELECT msisdn, date, a, b, c, d, e, f, g, h,"
                + " (SELECT array_agg(call ORDER BY call) FROM unnest(calls) AS call)"
                + " FROM (" + raw + ") AS raw (msisdn, date, a, b, c, d, e, f, g, h, calls)";
        assertThat(count("((" + rollUp + ") EXCEPT ALL (" + sortedRaw + "))")).isZero();
        assertThat(count("((" + sortedRaw + ") EXCEPT ALL (" + rollUp + "))")).isZero();
        String events = "SELECT source, event_id FROM cdr_data.";
        assertThat(count("((" + events + "voice_cdr) EXCEPT ALL (" + events + "cdr_event))")).isZero();
        assertThat(count("((" + events + "cdr_event) EXCEPT ALL (" + events + "voice_cdr))")).isZero();
        assertThat(count("(SELECT FROM cdr_data.usage_day LEFT JOIN cdr_data.subscriber USING (msisdn)"
                + " WHERE version IS NULL)")).isZero();
    }

    /** How many rows a parenthesised query or a table has. */
    long count(String query) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM " + query + " AS q")) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String sql) {
        try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
