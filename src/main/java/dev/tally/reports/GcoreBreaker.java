package dev.tally.reports;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;

/** Leaves Gcore alone for a while when it fails: our callers get their answer at once, and Gcore some rest. */
final class GcoreBreaker {
    private static final Logger LOG = Logger.getLogger(GcoreBreaker.class);
    private static final double PERCENT = 100;
    /** While it looks with a single request how Gcore is, nobody knows how long that takes. */
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    private final Guard guard;
    private final Clock clock;
    private final Duration delay;
    private volatile CircuitBreakerState state = CircuitBreakerState.CLOSED;
    private volatile Instant openedAt = Instant.EPOCH;

    /** @param isOutage which failures are of Gcore as a whole, not of one request */
    GcoreBreaker(GcoreConfig.Breaker config, Clock clock, MeterRegistry registry, Predicate<Throwable> isOutage) {
        this.clock = clock;
        this.delay = Duration.ofMillis(config.delayMillis());
        this.guard = Guard.create().withDescription("gcore").withCircuitBreaker()
                .requestVolumeThreshold(config.requests())
                .failureRatio(config.failurePercent() / PERCENT)
                .delay(config.delayMillis(), ChronoUnit.MILLIS)
                .successThreshold(1)
                .when(isOutage)
                .onStateChange(this::changed)
                .done().build();
        registry.gauge("tally.gcore.breaker.open", this, breaker -> breaker.state == CircuitBreakerState.OPEN ? 1 : 0);
    }

    /**
     * Makes the request unless Gcore is left alone.
     *
     * @throws GcoreException when it was not made
     */
    <T> T call(Supplier<T> request) {
        try {
            @SuppressWarnings("unchecked") // The class only says whether the guard has to wait for a future.
            Class<T> type = (Class<T>) Object.class;
            return guard.get(request, type);
        } catch (CircuitBreakerOpenException e) {
            Duration left = Duration.between(clock.instant(), openedAt.plus(delay));
            throw GcoreException.unavailable("Gcore has failed several times and is left alone for a moment.",
                    Optional.of(left.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : left), e);
        }
    }

    private void changed(CircuitBreakerState next) {
        if (next == CircuitBreakerState.OPEN) {
            openedAt = clock.instant();
            LOG.warnf("Gcore fails; nothing is asked of it for %s ms", delay.toMillis());
        } else if (next == CircuitBreakerState.CLOSED) {
            LOG.info("Gcore answers again");
        }
        state = next;
    }
}
