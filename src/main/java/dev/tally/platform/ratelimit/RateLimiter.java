package dev.tally.platform.ratelimit;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import jakarta.inject.Singleton;

import io.quarkus.scheduler.Scheduled;
import io.vertx.core.Future;

/** Decides whether somebody may ask once more. */
@Singleton
public class RateLimiter {
    private final RateLimitQueries queries;
    private final BucketStore store;
    private final Clock clock;
    private final RateLimitConfig config;

    RateLimiter(RateLimitQueries queries, Clock clock, RateLimitConfig config) {
        this.queries = queries;
        this.store = switch (config.state()) {
            case REPLICA -> new ReplicaBuckets(config.maxReplicaBuckets());
            case POSTGRES -> queries;
        };
        this.clock = clock;
        this.config = config;
    }

    /**
     * Takes a request out of a bucket, if one is left. To be called on an event loop, which it does not block.
     *
     * @param policy one that limits
     * @param bucket whose requests these are, within the policy; 100 characters at most
     * @return fails with a {@link dev.tally.platform.problem.DatabaseException} when nobody can tell
     */
    public Future<Decision> take(Policy policy, String bucket) {
        long now = nowMicros();
        return store.take(policy, bucket, now).map(taken -> policy.decision(taken, now));
    }

    /** Says whether a request is left, and takes none. */
    public Future<Decision> look(Policy policy, String bucket) {
        long now = nowMicros();
        return store.look(policy, bucket, now).map(taken -> policy.decision(taken, now));
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    @Scheduled(every = "1m", delayed = "1m", identity = "rate-limit-cleaning", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void removeFull() {
        if (store != queries) {
            return;
        }
        for (int batch = 0; batch < config.maxCleanBatches(); batch++) {
            if (queries.removeFull(nowMicros(), config.maxCleanRows()) < config.maxCleanRows()) {
                return;
            }
        }
    }
}
