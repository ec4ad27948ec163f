package dev.tally.reports;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.Statements;

/** Keeps the jobs. */
@ApplicationScoped
class JobQueries {
    private static final String COLUMNS = """
                                          SELECT job.job_no, job.id, job.product, job.gcore_user_id, job.start_date, job.end_date, job.status,
                                                 job.created_at, job.updated_at, job.ended_at, job.expires_at, job.row_count,
                                                 job.size_bytes, job.sha256, job.error_code, job.error
                                            FROM reports.job""";
    private static final String FIND = COLUMNS + "\n WHERE id = ANY (?)";
    private static final String LIST = COLUMNS + "\n"
            + """
              WHERE job_no IN (SELECT job_no FROM reports.request WHERE caller = ?)
                AND (?::text IS NULL OR status = ?)
                AND (?::text IS NULL OR product = ?)
                AND (?::text IS NULL OR gcore_user_id = ?)
                AND (?::bigint IS NULL OR job_no < ?)
              ORDER BY job_no DESC LIMIT ?""";
    private static final String FIND_PARTS = """
                                             SELECT job_no, part_no, product, status, gcore_uuid, gcore_status, header, row_count,
                                                    packed_bytes, object_key, error_code, error
                                               FROM reports.part WHERE job_no = ANY (?) ORDER BY part_no""";
    private static final String FIND_NUMBER = "SELECT job_no FROM reports.job WHERE id = ?";
    private static final String IS_OF = """
                                        SELECT FROM reports.request JOIN reports.job USING (job_no)
                                         WHERE request.caller = ? AND job.id = ?""";
    private static final String ENDED = "SELECT id FROM reports.job WHERE id = ANY (?) AND ended_at IS NOT NULL";
    private static final String COUNT_OPEN = """
                                             SELECT status, count(*), min(created_at) FROM reports.job
                                              WHERE ended_at IS NULL GROUP BY status""";

    private final Statements statements;

    JobQueries(Statements statements) {
        this.statements = statements;
    }

    /** Open jobs of a status. */
    record OpenJobs(JobStatus status, long count, Instant oldest) {}

    /**
     * The filters of a list; null leaves one out.
     *
     * @param before only jobs that were made before the one with this number
     */
    record Filter(@Nullable JobStatus status, ReportOrder.@Nullable Scope scope, @Nullable String gcoreUserId,
            @Nullable Long before, int limit) {}

    Optional<ReportJob> find(UUID id) {
        return find(Set.of(id)).stream().findFirst();
    }

    /** Those of these that there are, with two statements for all of them. */
    List<ReportJob> find(Collection<UUID> ids) {
        return statements.run(FIND, statement -> {
            statement.setArray(1, statement.getConnection().createArrayOf("uuid", ids.toArray()));
            return jobs(statement);
        });
    }

    Optional<Long> numberOf(UUID id) {
        return statements.run(FIND_NUMBER, statement -> {
            statement.setObject(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
            }
        });
    }

    /** Whether this caller has asked for it. */
    boolean isOf(String caller, UUID id) {
        return statements.run(IS_OF, statement -> {
            statement.setString(1, caller);
            statement.setObject(2, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        });
    }

    /** The jobs that a caller has asked for, the latest first. */
    List<ReportJob> list(String caller, Filter filter) {
        return statements.run(LIST, statement -> {
            @Nullable
            String status = filter.status() == null ? null : filter.status().text();
            @Nullable
            String scope = filter.scope() == null ? null : filter.scope().text();
            statement.setString(1, caller);
            statement.setString(2, status);
            statement.setString(3, status);
            statement.setString(4, scope);
            statement.setString(5, scope);
            statement.setString(6, filter.gcoreUserId());
            statement.setString(7, filter.gcoreUserId());
            statement.setObject(8, filter.before(), Types.BIGINT);
            statement.setObject(9, filter.before(), Types.BIGINT);
            statement.setInt(10, filter.limit());
            return jobs(statement);
        });
    }

    private List<ReportJob> jobs(PreparedStatement statement) throws SQLException {
        Map<Long, JobRow> rows = new LinkedHashMap<>();
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                JobRow row = JobRow.of(result);
                rows.put(row.jobNo, row);
            }
        }
        Map<Long, List<ReportPart>> parts = parts(rows.keySet());
        return rows.values().stream().map(row -> row.with(parts.getOrDefault(row.jobNo, List.of()))).toList();
    }

    /** The parts of jobs, those of a job in the order of its products. */
    Map<Long, List<ReportPart>> parts(Collection<Long> jobNos) {
        if (jobNos.isEmpty()) {
            return Map.of();
        }
        return statements.run(FIND_PARTS, statement -> {
            statement.setArray(1, numbers(statement, jobNos));
            Map<Long, List<ReportPart>> parts = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    parts.computeIfAbsent(rows.getLong(1), _ -> new ArrayList<>()).add(part(rows));
                }
            }
            return parts;
        });
    }

    private static ReportPart part(ResultSet row) throws SQLException {
        Array header = row.getArray(7);
        Optional<ReportPart.StoredRows> rows = header == null
                ? Optional.empty()
                : Optional.of(new ReportPart.StoredRows(List.of((String[]) header.getArray()), row.getLong(8),
                        row.getLong(9), Optional.ofNullable(row.getString(10))));
        return new ReportPart(row.getLong(2), Product.of(row.getString(3)).orElseThrow(),
                JobStatus.of(row.getString(4)), Optional.ofNullable(row.getObject(5, UUID.class)),
                Optional.ofNullable(row.getString(6)), rows, failure(row.getString(11), row.getString(12)));
    }

    private static Optional<ReportPart.Failure> failure(@Nullable String code, @Nullable String sentence) {
        return code == null || sentence == null
                ? Optional.empty()
                : Optional.of(new ReportPart.Failure(ReportPart.FailureCode.valueOf(code), sentence));
    }

    /** A job without its parts. */
    private record JobRow(long jobNo, UUID id, ReportOrder order, JobStatus status, Instant createdAt,
            Instant updatedAt,
            Optional<Instant> endedAt, Optional<Instant> expiresAt, Optional<ReportJob.Result> result,
            Optional<ReportPart.Failure> failure) {

        static JobRow of(ResultSet row) throws SQLException {
            ReportOrder order = new ReportOrder(ReportOrder.Scope.of(row.getString(3)).orElseThrow(), row.getString(4),
                    row.getObject(5, LocalDate.class), row.getObject(6, LocalDate.class));
            String sha256 = row.getString(14);
            Optional<ReportJob.Result> result = sha256 == null
                    ? Optional.empty()
                    : Optional.of(new ReportJob.Result(row.getLong(12), row.getLong(13), sha256));
            return new JobRow(row.getLong(1), row.getObject(2, UUID.class), order, JobStatus.of(row.getString(7)),
                    PartQueries.instant(row, 8).orElseThrow(), PartQueries.instant(row, 9).orElseThrow(),
                    PartQueries.instant(row, 10), PartQueries.instant(row, 11), result,
                    JobQueries.failure(row.getString(15), row.getString(16)));
        }

        ReportJob with(List<ReportPart> parts) {
            return new ReportJob(jobNo, id, order, status, createdAt, updatedAt, endedAt, expiresAt, result, failure,
                    parts);
        }
    }

    /** Which of these jobs have ended. */
    Set<UUID> ended(Collection<UUID> jobs) {
        return statements.run(ENDED, statement -> {
            statement.setArray(1, statement.getConnection().createArrayOf("uuid", jobs.toArray()));
            Set<UUID> ended = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ended.add(rows.getObject(1, UUID.class));
                }
            }
            return ended;
        });
    }

    /** How many jobs are open, by status. */
    List<OpenJobs> countOpen() {
        return statements.run(COUNT_OPEN, statement -> {
            List<OpenJobs> counts = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    counts.add(new OpenJobs(JobStatus.of(rows.getString(1)), rows.getLong(2),
                            PartQueries.instant(rows, 3).orElseThrow()));
                }
            }
            return counts;
        });
    }

    private static Array numbers(PreparedStatement statement, Collection<Long> numbers) throws SQLException {
        return statement.getConnection().createArrayOf("bigint", numbers.toArray());
    }
}
