package dev.tally.platform.ratelimit;

import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.EventLoopPool;
import dev.tally.platform.postgres.Statements;
import dev.tally.platform.ratelimit.Policy.Taken;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/** Buckets in PostgreSQL: the same sums as {@link Policy}, in one statement on one row, which whoever comes next waits for. */
@ApplicationScoped
class RateLimitQueries implements BucketStore {
    /** $1 the bucket, $2 now, $3 what a request takes, $4 what a bucket holds. */
    private static final String TAKE = """
                                       INSERT INTO platform.rate_limit AS known (bucket, full_at_micros, allowed)
                                       VALUES ($1, $2::bigint + $3::bigint, true)
                                       ON CONFLICT (bucket) DO UPDATE
                                          SET (full_at_micros, allowed) = (
                                              SELECT CASE WHEN asked.allowed THEN asked.full_at + $3::bigint ELSE asked.full_at END,
                                                     asked.allowed
                                                FROM (SELECT held.full_at, held.full_at + $3::bigint <= $2::bigint + $4::bigint
                                                        FROM (SELECT LEAST(GREATEST(known.full_at_micros, $2::bigint),
                                                                           $2::bigint + $4::bigint)) AS held (full_at))
                                                     AS asked (full_at, allowed))
                                       RETURNING allowed, full_at_micros""";
    private static final String LOOK = "SELECT full_at_micros FROM platform.rate_limit WHERE bucket = $1";
    private static final String REMOVE_FULL = """
                                              DELETE FROM platform.rate_limit WHERE bucket IN (
                                                  SELECT bucket FROM platform.rate_limit WHERE full_at_micros <= ?
                                                   LIMIT ? FOR UPDATE SKIP LOCKED)""";

    private final EventLoopPool pool;
    private final Statements statements;

    RateLimitQueries(EventLoopPool pool, Statements statements) {
        this.pool = pool;
        this.statements = statements;
    }

    @Override
    public Future<Taken> take(Policy policy, String bucket, long nowMicros) {
        return query(TAKE,
                Tuple.of(name(policy, bucket), nowMicros, policy.requestMicros(), policy.bucketMicros()),
                Collectors.mapping(row -> new Taken(row.getBoolean(0), row.getLong(1)), first()))
                .map(Optional::orElseThrow);
    }

    @Override
    public Future<Taken> look(Policy policy, String bucket, long nowMicros) {
        return query(LOOK, Tuple.of(name(policy, bucket)), Collectors.mapping(row -> row.getLong(0), first()))
                .map(fullAt -> policy.look(fullAt.orElse(nowMicros), nowMicros));
    }

    private static <T> Collector<T, ?, Optional<T>> first() {
        return Collectors.reducing((one, _) -> one);
    }

    /** Nobody abandons it: it is done long before. */
    private <R> Future<R> query(String sql, Tuple parameters, Collector<Row, ?, R> rows) {
        return pool.query(sql, parameters, rows, _ -> {});
    }

    private static String name(Policy policy, String bucket) {
        return policy.name() + ':' + bucket;
    }

    /** How many were removed. */
    int removeFull(long nowMicros, int maxRows) {
        return statements.run(REMOVE_FULL, statement -> {
            statement.setLong(1, nowMicros);
            statement.setInt(2, maxRows);
            return statement.executeUpdate();
        });
    }
}
