package dev.tally.platform.ratelimit;

import dev.tally.platform.ratelimit.Policy.Taken;
import io.vertx.core.Future;

/** Where buckets are. Of two requests at the same time each sees what the other has taken. */
interface BucketStore {
    /** As {@link Policy#take} says. To be called on an event loop, which it does not block. */
    Future<Taken> take(Policy policy, String bucket, long nowMicros);

    /** As {@link Policy#look} says. */
    Future<Taken> look(Policy policy, String bucket, long nowMicros);
}
