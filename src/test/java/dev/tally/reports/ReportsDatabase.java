package dev.tally.reports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

import dev.tally.testsupport.PostgresForTests;

/** Lets time pass for single reports of the application under test. */
final class ReportsDatabase {
    private ReportsDatabase() {}

    /** @param location its path */
    static void pastDeadline(String location) {
        update("UPDATE reports.part SET deadline = now() - interval '1 second' FROM reports.job"
                + " WHERE job.job_no = part.job_no AND job.id = ?", location.substring(location.lastIndexOf('/') + 1));
    }

    /** A report that another process makes, which is all that this one's database has of it. */
    static UUID openElsewhere() {
        UUID id = UUID.randomUUID();
        update("INSERT INTO reports.job (id, product, gcore_user_id, start_date, end_date, status, created_at, updated_at)"
                + " VALUES (?, 'cdn', gen_random_uuid()::text, '2019-01-01', '2019-01-01', 'pending', now(), now())",
                id.toString());
        return id;
    }

    /** Its end, by that process. */
    static void endElsewhere(UUID id) {
        update("UPDATE reports.job SET status = 'cancelled', ended_at = now(), expires_at = now() + interval '1 day'"
                + " WHERE id = ?", id.toString());
    }

    static void expire(String uuid) {
        update("UPDATE reports.job SET expires_at = now() - interval '1 second' WHERE id = ?", uuid);
    }

    /** Lets it have expired that long ago. */
    static void expire(String uuid, int days) {
        update("UPDATE reports.job SET expires_at = now() - interval '" + days + " days' WHERE id = ?", uuid);
    }

    /** How many pieces of rows PostgreSQL keeps of it. */
    static long chunks(String uuid) {
        try (Connection connection = PostgresForTests.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM reports.result_chunk"
                        + " JOIN reports.part USING (part_no) JOIN reports.job USING (job_no) WHERE id = ?")) {
            statement.setObject(1, UUID.fromString(uuid));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void update(String sql, String uuid) {
        try (Connection connection = PostgresForTests.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, UUID.fromString(uuid));
            if (statement.executeUpdate() == 0) {
                throw new IllegalStateException("No report " + uuid);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
