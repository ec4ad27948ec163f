package dev.tally.reports;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.Statements;
import dev.tally.platform.problem.DatabaseException;

/**
 * What is to be done for which part, and who does it. Whatever is written for a claim is written only while no later claim
 * of the part was made; each method says whether it was.
 */
@ApplicationScoped
class PartQueries {
    private static final String CLAIM = """
                                        WITH due AS MATERIALIZED (
                                             SELECT part_no, job.id, job.gcore_user_id, job.start_date, job.end_date,
                                                    job.ended_at IS NOT NULL AS job_ended
                                               FROM reports.part JOIN reports.job USING (job_no)
                                              WHERE due_at <= ? AND part.status %s 'requested'
                                              ORDER BY due_at LIMIT ? FOR UPDATE OF part SKIP LOCKED)
                                        UPDATE reports.part SET claim = part.claim + 1, due_at = ?
                                          FROM due WHERE part.part_no = due.part_no
                                        RETURNING part.part_no, part.claim, part.job_no, due.id, part.product, due.gcore_user_id,
                                                  due.start_date, due.end_date, part.status, part.deadline, part.tries,
                                                  part.starting_since, part.features, part.gcore_uuid, part.gcore_status,
                                                  due.job_ended""";
    private static final String NEXT_DUE = """
                                           SELECT least((SELECT min(due_at) FROM reports.part
                                                          WHERE due_at IS NOT NULL AND status = 'requested'),
                                                        (SELECT min(due_at) FROM reports.part
                                                          WHERE due_at IS NOT NULL AND status <> 'requested'))""";
    private static final String RENEW = """
                                        UPDATE reports.part SET due_at = ?
                                          FROM unnest(?::bigint[], ?::integer[], ?::timestamptz[]) AS held (part_no, claim, due_at)
                                         WHERE part.part_no = held.part_no AND part.claim = held.claim
                                           AND part.due_at = held.due_at""";
    private static final String CLAIM_STARTS = CLAIM.formatted("=");
    private static final String CLAIM_OTHERS = CLAIM.formatted("<>");
    private static final String POSTPONE = "UPDATE reports.part SET due_at = ?, tries = ? WHERE part_no = ? AND claim = ?";
    private static final String INTEND = """
                                         UPDATE reports.part SET starting_since = ?, features = ?, updated_at = ?
                                          WHERE part_no = ? AND claim = ? AND status = 'requested' AND gcore_uuid IS NULL""";
    private static final String FORGET_INTENT = """
                                                UPDATE reports.part SET starting_since = NULL, due_at = ?, tries = ?
                                                 WHERE part_no = ? AND claim = ? AND gcore_uuid IS NULL""";
    private static final String STARTED = """
                                          UPDATE reports.part SET gcore_uuid = ?, gcore_status = ?, status = ?, tries = 0,
                                                 due_at = ?, deadline = ?, updated_at = ?
                                           WHERE part_no = ? AND claim = ? AND gcore_uuid IS NULL""";
    private static final String ADOPT = """
                                        UPDATE reports.part SET gcore_uuid = ?
                                         WHERE part_no = ? AND claim = ? AND gcore_uuid IS NULL""";
    private static final String EQUAL_STARTING = """
                                                 SELECT EXISTS (SELECT FROM reports.part JOIN reports.job USING (job_no)
                                                                 WHERE part.status = 'requested' AND part.starting_since IS NOT NULL
                                                                   AND part.product = ? AND job.start_date = ? AND job.end_date = ?
                                                                   AND part.part_no <> ?)""";
    private static final String KNOWN = "SELECT gcore_uuid FROM reports.part WHERE gcore_uuid = ANY (?)";
    private static final String POLLED = """
                                         UPDATE reports.part SET due_at = polled.due_at, tries = polled.tries,
                                                status = polled.status, gcore_status = COALESCE(polled.gcore_status, part.gcore_status),
                                                updated_at = CASE WHEN part.gcore_status IS DISTINCT FROM polled.gcore_status
                                                                  THEN ? ELSE part.updated_at END
                                           FROM unnest(?::bigint[], ?::integer[], ?::timestamptz[], ?::text[], ?::text[], ?::integer[])
                                             AS polled (part_no, claim, due_at, status, gcore_status, tries)
                                          WHERE part.part_no = polled.part_no AND part.claim = polled.claim""";
    private static final String SETTLED = "UPDATE reports.part SET due_at = NULL WHERE part_no = ? AND claim = ?";
    private static final String END = """
                                      UPDATE reports.part SET status = ?, gcore_status = COALESCE(?, gcore_status), header = ?,
                                             row_count = ?, packed_bytes = ?, object_key = ?, error_code = ?, error = ?,
                                             tries = 0, updated_at = ?
                                       WHERE part_no = ? AND claim = ?
                                         AND status IN ('requested', 'pending', 'in_progress')""";

    /** The SQLSTATE of a unique violation. */
    static final String TAKEN = "23505";

    private final Statements statements;

    PartQueries(Statements statements) {
        this.statements = statements;
    }

    /**
     * How a part goes on that is not done with its step.
     *
     * @param gcoreStatus what Gcore said; null when it said nothing
     * @param tries how often the step has failed
     */
    record Polled(long partNo, int claim, JobStatus status, @Nullable String gcoreStatus, Instant dueAt,
            int tries) {}

    /**
     * A part that one holds.
     *
     * @param leaseEnd until when
     */
    record Held(long partNo, int claim, Instant leaseEnd) {}

    /** Parts that Gcore is to be asked for, the longest due first; they are due again at {@code leaseEnd}. */
    List<ClaimedPart> claimStarts(Instant now, Instant leaseEnd, int maxParts) {
        return claim(CLAIM_STARTS, now, leaseEnd, maxParts);
    }

    /** All others that are due. */
    List<ClaimedPart> claimOthers(Instant now, Instant leaseEnd, int maxParts) {
        return claim(CLAIM_OTHERS, now, leaseEnd, maxParts);
    }

    private List<ClaimedPart> claim(String sql, Instant now, Instant leaseEnd, int maxParts) {
        return statements.run(sql, statement -> {
            statement.setObject(1, utc(now));
            statement.setInt(2, maxParts);
            statement.setObject(3, utc(leaseEnd));
            List<ClaimedPart> claimed = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    claimed.add(claimed(rows));
                }
            }
            return claimed;
        });
    }

    private static ClaimedPart claimed(ResultSet row) throws SQLException {
        return new ClaimedPart(row.getLong(1), row.getInt(2), row.getLong(3), row.getObject(4, UUID.class),
                Product.of(row.getString(5)).orElseThrow(), row.getString(6), row.getObject(7, LocalDate.class),
                row.getObject(8, LocalDate.class), JobStatus.of(row.getString(9)), instant(row, 10).orElseThrow(),
                row.getInt(11), instant(row, 12), features(row.getArray(13)),
                Optional.ofNullable(row.getObject(14, UUID.class)), Optional.ofNullable(row.getString(15)),
                row.getBoolean(16));
    }

    private static SortedSet<Integer> features(@Nullable Array features) throws SQLException {
        return features == null ? new TreeSet<>() : new TreeSet<>(List.of((Integer[]) features.getArray()));
    }

    /** When the next part is due; empty when there is none. */
    Optional<Instant> nextDue() {
        return statements.run(NEXT_DUE, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return instant(rows, 1);
            }
        });
    }

    /** Holds parts for longer, or gives them back; not those that were given another time meanwhile. */
    void renew(Collection<Held> held, Instant leaseEnd) {
        statements.run(RENEW, statement -> {
            statement.setObject(1, utc(leaseEnd));
            statement.setArray(2, array(statement, "bigint", held.stream().map(Held::partNo)));
            statement.setArray(3, array(statement, "integer", held.stream().map(Held::claim)));
            statement.setArray(4, array(statement, "timestamptz", held.stream().map(each -> utc(each.leaseEnd()))));
            return statement.executeUpdate();
        });
    }

    /** Tries the present step again later. */
    boolean postpone(ClaimedPart part, Instant dueAt, int tries) {
        return statements.run(POSTPONE, statement -> {
            statement.setObject(1, utc(dueAt));
            statement.setInt(2, tries);
            return of(part, statement, 3);
        });
    }

    /** Before Gcore is asked for a report. */
    boolean intend(ClaimedPart part, SortedSet<Integer> features, Instant now) {
        return statements.run(INTEND, statement -> {
            statement.setObject(1, utc(now));
            statement.setArray(2, array(statement, "integer", features.stream()));
            statement.setObject(3, utc(now));
            return of(part, statement, 4);
        });
    }

    /** When it is certain that Gcore has not begun. */
    boolean forgetIntent(ClaimedPart part, Instant dueAt, int tries) {
        return statements.run(FORGET_INTENT, statement -> {
            statement.setObject(1, utc(dueAt));
            statement.setInt(2, tries);
            return of(part, statement, 3);
        });
    }

    /**
     * Gcore makes this report for the part.
     *
     * @throws DatabaseException with {@link #TAKEN} when it makes it for another part
     */
    boolean started(ClaimedPart part, GcoreReport report, JobStatus status, Instant dueAt, Instant deadline,
            Instant now) {
        return statements.run(STARTED, statement -> {
            statement.setObject(1, report.uuid());
            statement.setString(2, report.status());
            statement.setString(3, status.text());
            statement.setObject(4, utc(dueAt));
            statement.setObject(5, utc(deadline));
            statement.setObject(6, utc(now));
            return of(part, statement, 7);
        });
    }

    /**
     * This report of Gcore's is the one that a cancelled part had begun.
     *
     * @throws DatabaseException with {@link #TAKEN} when it is another part's
     */
    boolean adopt(ClaimedPart part, UUID report) {
        return statements.run(ADOPT, statement -> {
            statement.setObject(1, report);
            return of(part, statement, 2);
        });
    }

    /** Whether another part of equal parameters is being started, so that a report without a part may be its. */
    boolean isEqualStarting(ClaimedPart part) {
        return statements.run(EQUAL_STARTING, statement -> {
            statement.setString(1, part.product().text());
            statement.setObject(2, part.startDate());
            statement.setObject(3, part.endDate());
            statement.setLong(4, part.partNo());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        });
    }

    /** Which of these reports of Gcore belong to a part. */
    Set<UUID> known(Collection<UUID> reports) {
        return statements.run(KNOWN, statement -> {
            statement.setArray(1, array(statement, "uuid", reports.stream()));
            Set<UUID> known = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    known.add(rows.getObject(1, UUID.class));
                }
            }
            return known;
        });
    }

    /** Keeps what Gcore said of many parts, in one statement. */
    void polled(Collection<Polled> polled, Instant now) {
        statements.run(POLLED, statement -> {
            statement.setObject(1, utc(now));
            statement.setArray(2, array(statement, "bigint", polled.stream().map(Polled::partNo)));
            statement.setArray(3, array(statement, "integer", polled.stream().map(Polled::claim)));
            statement.setArray(4, array(statement, "timestamptz", polled.stream().map(each -> utc(each.dueAt()))));
            statement.setArray(5, array(statement, "text", polled.stream().map(each -> each.status().text())));
            statement.setArray(6, array(statement, "text", polled.stream().map(Polled::gcoreStatus)));
            statement.setArray(7, array(statement, "integer", polled.stream().map(Polled::tries)));
            return statement.executeUpdate();
        });
    }

    /** Nothing is to be done for it any more. */
    boolean settled(ClaimedPart part) {
        return statements.run(SETTLED, statement -> of(part, statement, 1));
    }

    /** Ends it with rows. */
    boolean complete(ClaimedPart part, ReportPart.StoredRows stored, Instant now) {
        return statements.run(END, statement -> {
            statement.setString(1, JobStatus.COMPLETED.text());
            statement.setString(2, "Completed");
            statement.setArray(3, array(statement, "text", stored.header().stream()));
            statement.setLong(4, stored.count());
            statement.setLong(5, stored.packedBytes());
            statement.setString(6, stored.objectKey().orElse(null));
            statement.setNull(7, Types.VARCHAR);
            statement.setNull(8, Types.VARCHAR);
            statement.setObject(9, utc(now));
            return of(part, statement, 10);
        });
    }

    /** Ends it without rows. */
    boolean end(ClaimedPart part, JobStatus status, @Nullable String gcoreStatus, ReportPart.Failure failure,
            Instant now) {
        return statements.run(END, statement -> {
            statement.setString(1, status.text());
            statement.setString(2, gcoreStatus);
            statement.setNull(3, Types.ARRAY);
            statement.setNull(4, Types.BIGINT);
            statement.setNull(5, Types.BIGINT);
            statement.setNull(6, Types.VARCHAR);
            statement.setString(7, failure.code().name());
            statement.setString(8, failure.sentence());
            statement.setObject(9, utc(now));
            return of(part, statement, 10);
        });
    }

    private static boolean of(ClaimedPart part, PreparedStatement statement, int index) throws SQLException {
        statement.setLong(index, part.partNo());
        statement.setInt(index + 1, part.claim());
        return statement.executeUpdate() == 1;
    }

    private static Array array(PreparedStatement statement, String type, Stream<?> values)
            throws SQLException {
        return statement.getConnection().createArrayOf(type, values.toArray());
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
