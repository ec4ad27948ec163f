package dev.tally.credits;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;

/** How charges end, in this process. */
@Startup // So that there is a zero before there is a one.
@ApplicationScoped
class CreditsMetrics {
    private final Map<Charge.Outcome, Counter> charges = new EnumMap<>(Charge.Outcome.class);
    private final Map<Refund, Counter> refunds = new EnumMap<>(Refund.class);
    private final Counter answered;
    private final Counter expired;
    private final DistributionSummary batchSize;
    private final Counter lowBalances;
    private final MeterRegistry registry;
    private final AtomicLong sweptSeconds = new AtomicLong();

    CreditsMetrics(MeterRegistry registry) {
        for (Charge.Outcome outcome : Charge.Outcome.values()) {
            charges.put(outcome, registry.counter("tally.credits.charges", "outcome", tag(outcome)));
        }
        for (Refund why : Refund.values()) {
            refunds.put(why, registry.counter("tally.credits.refunds", "why", tag(why)));
        }
        answered = registry.counter("tally.credits.settlements", "outcome", "answered");
        expired = registry.counter("tally.credits.settlements", "outcome", "expired");
        batchSize = registry.summary("tally.credits.charges.at.once");
        lowBalances = registry.counter("tally.credits.low.balances");
        this.registry = registry;
        // As if it had swept when it began: from then on it is late.
        swept();
        registry.gauge("tally.credits.sweep.timestamp.seconds", sweptSeconds);
    }

    /** Why credits were given back. */
    enum Refund {
        /** The work failed, or nobody wanted it any more. */
        FAILED,
        /** Nobody said what had become of the work: a process has died. */
        OVERDUE,
        /** It may have been settled, but the answer did not go out. */
        UNDONE
    }

    void decided(Iterable<Charge.Decision> decisions) {
        int count = 0;
        for (Charge.Decision each : decisions) {
            count++;
            Objects.requireNonNull(charges.get(each.outcome())).increment();
        }
        batchSize.record(count);
    }

    void settled(boolean held) {
        (held ? answered : expired).increment();
    }

    /** What was never settled has been looked for, whether or not there was any. */
    void swept() {
        sweptSeconds.set(nowSeconds());
    }

    /** The operator will be told of so many balances that are low. */
    void lowBalances(int count) {
        lowBalances.increment(count);
    }

    void refunded(Refund why, int count) {
        Objects.requireNonNull(refunds.get(why)).increment(count);
    }

    private long nowSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(registry.config().clock().wallTime());
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
