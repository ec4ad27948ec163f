package dev.tally.reports;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.Statements;

/** Begins, moves and ends jobs, each method in the transaction of its caller. */
@ApplicationScoped
class JobChangeQueries {
    private static final String INSERT = """
                                         INSERT INTO reports.job (id, product, gcore_user_id, start_date, end_date, status, created_at, updated_at)
                                         VALUES (?, ?, ?, ?, ?, 'requested', ?, ?)
                                         ON CONFLICT (gcore_user_id, product, start_date, end_date) WHERE ended_at IS NULL DO NOTHING
                                         RETURNING job_no""";
    private static final String INSERT_PART = """
                                              INSERT INTO reports.part (job_no, product, status, deadline, due_at, updated_at)
                                              SELECT ?, product, 'requested', ?, ?, ? FROM unnest(?::text[]) AS product""";
    /** Locked, so that the job cannot end before whoever joins it is known. */
    private static final String FIND_OPEN = """
                                            SELECT id, job_no FROM reports.job
                                             WHERE gcore_user_id = ? AND product = ? AND start_date = ? AND end_date = ?
                                               AND ended_at IS NULL FOR UPDATE""";
    private static final String INSERT_REQUEST = """
                                                 INSERT INTO reports.request (job_no, caller, created_at, callback_url)
                                                 SELECT ?, ?, ?, ?
                                                  WHERE NOT EXISTS (SELECT FROM reports.request
                                                                     WHERE job_no = ? AND caller = ?
                                                                       AND callback_url IS NOT DISTINCT FROM ?)""";
    private static final String LOCK = "SELECT status FROM reports.job WHERE job_no = ANY (?) ORDER BY job_no FOR UPDATE";
    private static final String MOVE = """
                                       UPDATE reports.job SET status = moved.status, updated_at = ?
                                         FROM unnest(?::bigint[], ?::text[]) AS moved (job_no, status)
                                        WHERE job.job_no = moved.job_no AND job.ended_at IS NULL AND job.status <> moved.status""";
    private static final String END = """
                                      UPDATE reports.job SET status = ?, updated_at = ?, ended_at = ?, expires_at = ?, row_count = ?,
                                             size_bytes = ?, sha256 = ?, error_code = ?, error = ?
                                       WHERE job_no = ? AND ended_at IS NULL""";
    private static final String SETTLE_PARTS = "UPDATE reports.part SET due_at = NULL WHERE job_no = ?"
            + " AND status NOT IN ('requested', 'pending', 'in_progress')";
    /** What Gcore still makes is to be removed there: those parts stay due. */
    private static final String CANCEL_PARTS = """
                                               UPDATE reports.part SET claim = claim + 1, status = 'cancelled', updated_at = ?,
                                                      error_code = 'CANCELLED', error = ?,
                                                      due_at = CASE WHEN starting_since IS NULL THEN NULL::timestamptz ELSE ? END
                                                WHERE job_no = ? AND status IN ('requested', 'pending', 'in_progress')""";
    private static final String COUNT_CALLBACKS = """
                                                  SELECT count(DISTINCT callback_url) FROM reports.request
                                                   WHERE job_no = ? AND callback_url <> ?""";
    private static final String CALLBACKS = """
                                            SELECT DISTINCT callback_url FROM reports.request
                                             WHERE job_no = ? AND callback_url IS NOT NULL""";

    private final Statements statements;

    JobChangeQueries(Statements statements) {
        this.statements = statements;
    }

    /** A job that can be joined. */
    record OpenJob(long jobNo, UUID id) {}

    /** Begins a job, unless an equal one is open. In the caller's transaction. */
    Optional<Long> insert(UUID id, ReportOrder order, Instant now, Instant deadline) {
        return statements.run(INSERT, statement -> {
            statement.setObject(1, id);
            statement.setString(2, order.scope().text());
            statement.setString(3, order.gcoreUserId());
            statement.setObject(4, order.startDate());
            statement.setObject(5, order.endDate());
            statement.setObject(6, PartQueries.utc(now));
            statement.setObject(7, PartQueries.utc(now));
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                long jobNo = rows.getLong(1);
                insertParts(jobNo, order.scope().products(), now, deadline);
                return Optional.of(jobNo);
            }
        });
    }

    private void insertParts(long jobNo, List<Product> products, Instant now, Instant deadline) {
        statements.run(INSERT_PART, statement -> {
            statement.setLong(1, jobNo);
            statement.setObject(2, PartQueries.utc(deadline));
            statement.setObject(3, PartQueries.utc(now));
            statement.setObject(4, PartQueries.utc(now));
            statement.setArray(5, statement.getConnection().createArrayOf("text",
                    products.stream().map(Product::text).toArray()));
            return statement.executeUpdate();
        });
    }

    /** The open job of an equal order, which cannot end before the caller's transaction has. */
    Optional<OpenJob> lockOpen(ReportOrder order) {
        return statements.run(FIND_OPEN, statement -> {
            statement.setString(1, order.gcoreUserId());
            statement.setString(2, order.scope().text());
            statement.setObject(3, order.startDate());
            statement.setObject(4, order.endDate());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(new OpenJob(rows.getLong(2), rows.getObject(1, UUID.class)))
                        : Optional.empty();
            }
        });
    }

    /** Keeps who asked for a job; the same again is kept once. */
    void addRequest(long jobNo, String caller, @Nullable String callbackUrl, Instant now) {
        statements.run(INSERT_REQUEST, statement -> {
            statement.setLong(1, jobNo);
            statement.setString(2, caller);
            statement.setObject(3, PartQueries.utc(now));
            statement.setString(4, callbackUrl);
            statement.setLong(5, jobNo);
            statement.setString(6, caller);
            statement.setString(7, callbackUrl);
            return statement.executeUpdate();
        });
    }

    /** How many others than this one are to be told of a job's end. */
    int countOtherCallbacks(long jobNo, String callbackUrl) {
        return statements.run(COUNT_CALLBACKS, statement -> {
            statement.setLong(1, jobNo);
            statement.setString(2, callbackUrl);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        });
    }

    /** Nobody else changes these jobs or their parts' ends until the caller's transaction has ended. */
    void lock(Collection<Long> jobNos) {
        statements.run(LOCK, statement -> {
            statement.setArray(1, numbers(statement, jobNos));
            return statement.execute();
        });
    }

    /** Says how open jobs stand. */
    void move(Map<Long, JobStatus> statuses, Instant now) {
        statements.run(MOVE, statement -> {
            List<Long> jobNos = List.copyOf(statuses.keySet());
            statement.setObject(1, PartQueries.utc(now));
            statement.setArray(2, numbers(statement, jobNos));
            statement.setArray(3, statement.getConnection().createArrayOf("text",
                    jobNos.stream().map(jobNo -> statuses.get(jobNo)).map(status -> status == null ? "" : status.text())
                            .toArray()));
            return statement.executeUpdate();
        });
    }

    /** Ends a job; false when it has ended already. */
    boolean end(long jobNo, JobStatus status, Optional<ReportJob.Result> result,
            Optional<ReportPart.Failure> failure, Instant now, Instant expiresAt) {
        return statements.run(END, statement -> {
            statement.setString(1, status.text());
            statement.setObject(2, PartQueries.utc(now));
            statement.setObject(3, PartQueries.utc(now));
            statement.setObject(4, PartQueries.utc(expiresAt));
            statement.setObject(5, result.map(ReportJob.Result::count).orElse(null), Types.BIGINT);
            statement.setObject(6, result.map(ReportJob.Result::sizeBytes).orElse(null), Types.BIGINT);
            statement.setString(7, result.map(ReportJob.Result::sha256).orElse(null));
            statement.setString(8, failure.map(each -> each.code().name()).orElse(null));
            statement.setString(9, failure.map(ReportPart.Failure::sentence).orElse(null));
            statement.setLong(10, jobNo);
            return statement.executeUpdate() == 1;
        });
    }

    /** Nothing is to be done any more for the parts of a job that have ended. */
    void settleParts(long jobNo) {
        statements.run(SETTLE_PARTS, statement -> {
            statement.setLong(1, jobNo);
            return statement.executeUpdate();
        });
    }

    /** Ends what is open of a job; who works on it is given up. */
    void cancelParts(long jobNo, String sentence, Instant now) {
        statements.run(CANCEL_PARTS, statement -> {
            statement.setObject(1, PartQueries.utc(now));
            statement.setString(2, sentence);
            statement.setObject(3, PartQueries.utc(now));
            statement.setLong(4, jobNo);
            return statement.executeUpdate();
        });
    }

    /** Whom to tell of a job's end. */
    List<String> callbacks(long jobNo) {
        return statements.run(CALLBACKS, statement -> {
            statement.setLong(1, jobNo);
            List<String> urls = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    urls.add(rows.getString(1));
                }
            }
            return urls;
        });
    }

    private static Array numbers(PreparedStatement statement, Collection<Long> numbers) throws SQLException {
        return statement.getConnection().createArrayOf("bigint", numbers.toArray());
    }
}
