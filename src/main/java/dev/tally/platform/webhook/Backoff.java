package dev.tally.platform.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** When to try again: ever later, and not all at the same time. */
final class Backoff {
    /** The time is up to so much of itself shorter or longer. */
    private static final int JITTER_PART = 5;
    private static final int MAX_DOUBLINGS = 20;

    private final WebhookConfig.Retry config;
    private final LongUnaryOperator random;

    /** @param random gives a number from 0 to below a bound */
    Backoff(WebhookConfig.Retry config, LongUnaryOperator random) {
        this.config = config;
        this.random = random;
    }

    /**
     * @param attempts how many there were, at least one
     * @param createdAt when the delivery was asked for
     * @return empty when its time is over
     */
    Optional<Instant> next(int attempts, Instant createdAt, Instant now) {
        long longestMillis = Duration.ofSeconds(config.maxSeconds()).toMillis();
        long millis = Math.min(longestMillis,
                Duration.ofSeconds(config.firstSeconds()).toMillis() << Math.min(attempts - 1, MAX_DOUBLINGS));
        long jitter = millis / JITTER_PART;
        long delay = Math.min(longestMillis, millis - jitter + random.applyAsLong(2 * jitter + 1));
        Instant next = now.plusMillis(delay);
        return next.isAfter(createdAt.plus(Duration.ofHours(config.maxHours()))) ? Optional.empty() : Optional.of(next);
    }
}
