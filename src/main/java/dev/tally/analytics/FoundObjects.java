package dev.tally.analytics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.tracing.Spans;

/**
 * Which objects a dataset has, as the store said last. It is asked when that is too long ago, once for all who want to know,
 * and on a thread of its own: who wants to know may give up.
 */
final class FoundObjects {
    private final Dataset dataset;
    private final ObjectFinder finder;
    private final Clock clock;
    private final Duration valid;
    private final Duration faultValid;
    private volatile @Nullable Found last;
    private @Nullable CompletableFuture<DatasetVersion> asking;

    /** What the store said. */
    private record Found(Instant at, Duration valid, CompletableFuture<DatasetVersion> said) {
        boolean holds(Instant now) {
            Duration age = Duration.between(at, now);
            return !age.isNegative() && age.compareTo(valid) < 0;
        }
    }

    /**
     * @param valid for how long what it says holds
     * @param faultValid for how long it is left alone after it could not say
     */
    FoundObjects(Dataset dataset, ObjectFinder finder, Clock clock, Duration valid, Duration faultValid) {
        this.dataset = dataset;
        this.finder = finder;
        this.clock = clock;
        this.valid = valid;
        this.faultValid = faultValid;
    }

    /** What still holds, without asking. */
    Optional<DatasetVersion> fresh() {
        Found found = last;
        return found != null && !found.said.isCompletedExceptionally() && found.holds(clock.instant())
                ? Optional.of(found.said.join())
                : Optional.empty();
    }

    /** What holds, or what the store says now; never blocks. */
    synchronized CompletableFuture<DatasetVersion> current() {
        Found found = last;
        if (found != null && found.holds(clock.instant())) {
            return found.said;
        }
        CompletableFuture<DatasetVersion> others = asking;
        if (others != null) {
            return others;
        }
        CompletableFuture<DatasetVersion> mine = new CompletableFuture<>();
        asking = mine;
        Thread.ofVirtual().name("analytics-find").start(Spans.carried(() -> ask(mine)));
        return mine;
    }

    /** It turned out that this is not so any more. */
    synchronized void forget(DatasetVersion changed) {
        Found found = last;
        if (found != null && !found.said.isCompletedExceptionally() && found.said.join().isSameAs(changed)) {
            last = null;
        }
    }

    @SuppressWarnings("IllegalCatch") // Whatever happens, whoever waits is told.
    private void ask(CompletableFuture<DatasetVersion> mine) {
        // What changes while the store is asked is younger than that.
        Instant at = clock.instant();
        try {
            DatasetVersion version = DatasetVersion.of(finder.find(dataset));
            said(new Found(at, valid, CompletableFuture.completedFuture(version)));
            mine.complete(version);
        } catch (Throwable fault) {
            said(new Found(at, faultValid, CompletableFuture.failedFuture(fault)));
            mine.completeExceptionally(fault);
        }
    }

    private synchronized void said(Found found) {
        last = found;
        asking = null;
    }
}
