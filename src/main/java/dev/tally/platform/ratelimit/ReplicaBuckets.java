package dev.tally.platform.ratelimit;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.tally.platform.ratelimit.Policy.Taken;
import io.vertx.core.Future;

/** Buckets in memory. */
final class ReplicaBuckets implements BucketStore {
    private final int maxBuckets;
    /** Of each policy its own, so that many addresses do not have the buckets of keys forgotten. */
    private final Map<String, Buckets> policies = new ConcurrentHashMap<>();

    ReplicaBuckets(int maxBuckets) {
        this.maxBuckets = maxBuckets;
    }

    @Override
    public Future<Taken> take(Policy policy, String bucket, long nowMicros) {
        return Future.succeededFuture(of(policy).take(policy, bucket, nowMicros));
    }

    @Override
    public Future<Taken> look(Policy policy, String bucket, long nowMicros) {
        return Future.succeededFuture(of(policy).look(policy, bucket, nowMicros));
    }

    private Buckets of(Policy policy) {
        return policies.computeIfAbsent(policy.name(), _ -> new Buckets(maxBuckets));
    }

    /** How many it knows. */
    int size() {
        return policies.values().stream().mapToInt(Buckets::size).sum();
    }

    /** When each bucket will be full. Least recently taken from comes first. */
    private static final class Buckets {
        private final LinkedHashMap<String, Long> fullAt;

        Buckets(int maxBuckets) {
            fullAt = new LinkedHashMap<>(16, 0.75f, true) {
                @Serial
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > maxBuckets;
                }
            };
        }

        /** One at a time; what is done here takes less than getting a turn at a finer lock would. */
        synchronized Taken take(Policy policy, String bucket, long nowMicros) {
            Taken taken = policy.take(fullAt.getOrDefault(bucket, nowMicros), nowMicros);
            fullAt.put(bucket, taken.fullAtMicros());
            forgetFull(nowMicros);
            return taken;
        }

        synchronized Taken look(Policy policy, String bucket, long nowMicros) {
            Long known = fullAt.get(bucket);
            return policy.look(known == null ? nowMicros : known, nowMicros);
        }

        /** Two for each that may have come, until one that is not full: so they go as fast as they come. */
        private void forgetFull(long nowMicros) {
            for (int i = 0; i < 2 && !fullAt.isEmpty(); i++) {
                Map.Entry<String, Long> eldest = fullAt.firstEntry();
                if (eldest.getValue() > nowMicros) {
                    return;
                }
                fullAt.remove(eldest.getKey());
            }
        }

        synchronized int size() {
            return fullAt.size();
        }
    }
}
