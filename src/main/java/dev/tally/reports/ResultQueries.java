package dev.tally.reports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.Statements;

/** Keeps the rows of parts in PostgreSQL, in pieces, so that neither writing nor reading holds more than one. */
@ApplicationScoped
class ResultQueries {
    private static final String ADD = "INSERT INTO reports.result_chunk (part_no, place, bytes) VALUES (?, ?, ?)";
    private static final String FIND = "SELECT bytes FROM reports.result_chunk WHERE part_no = ? AND place = ?";
    private static final String EXPIRED = """
                                          SELECT part_no, object_key FROM reports.part JOIN reports.job USING (job_no)
                                           WHERE part.packed_bytes > 0 AND part.part_no > ? AND job.expires_at <= ?
                                           ORDER BY part.part_no LIMIT ?""";
    private static final String REMOVE = "DELETE FROM reports.result_chunk WHERE part_no = ?";
    private static final String REMOVED = """
                                          UPDATE reports.part SET packed_bytes = 0, object_key = NULL WHERE part_no = ?""";
    private static final String FORGET = """
                                         DELETE FROM reports.job WHERE job_no IN (
                                                SELECT job_no FROM reports.job WHERE expires_at <= ?
                                                   AND NOT EXISTS (SELECT FROM reports.part
                                                                    WHERE part.job_no = job.job_no AND part.packed_bytes > 0)
                                                 LIMIT ?)""";

    private final Statements statements;
    private final ReportsConfig config;

    ResultQueries(Statements statements, ReportsConfig config) {
        this.statements = statements;
        this.config = config;
    }

    /** Rows that are kept no longer. */
    record Expired(long partNo, Optional<String> objectKey) {}

    /** Adds a file; in the caller's transaction. */
    void add(long partNo, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            int place = 0;
            for (byte[] chunk = next(in); chunk.length > 0; chunk = next(in)) {
                add(partNo, place++, chunk);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] next(InputStream in) throws IOException {
        return in.readNBytes(config.results().chunkBytes());
    }

    private void add(long partNo, int place, byte[] chunk) {
        statements.run(ADD, statement -> {
            statement.setLong(1, partNo);
            statement.setInt(2, place);
            statement.setBytes(3, chunk);
            return statement.executeUpdate();
        });
    }

    /** Reads them; holds no connection between two pieces, however slow the reader is. */
    InputStream open(long partNo) {
        return new ChunkInputStream(place -> find(partNo, place));
    }

    private Optional<byte[]> find(long partNo, int place) {
        return statements.run(FIND, statement -> {
            statement.setLong(1, partNo);
            statement.setInt(2, place);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
            }
        });
    }

    /** @param after only parts with a higher number */
    List<Expired> expired(Instant now, long after, int maxParts) {
        return statements.run(EXPIRED, statement -> {
            statement.setLong(1, after);
            statement.setObject(2, PartQueries.utc(now));
            statement.setInt(3, maxParts);
            List<Expired> expired = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    expired.add(new Expired(rows.getLong(1), Optional.ofNullable(rows.getString(2))));
                }
            }
            return expired;
        });
    }

    /** In the caller's transaction. */
    void remove(long partNo) {
        for (String sql : List.of(REMOVE, REMOVED)) {
            statements.run(sql, statement -> {
                statement.setLong(1, partNo);
                return statement.executeUpdate();
            });
        }
    }

    /** Forgets jobs that have expired before this. */
    int forget(Instant expiredBefore, int maxJobs) {
        return statements.run(FORGET, statement -> {
            statement.setObject(1, PartQueries.utc(expiredBefore));
            statement.setInt(2, maxJobs);
            return statement.executeUpdate();
        });
    }
}
