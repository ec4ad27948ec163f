package dev.tally.credits;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.DatabaseException;
import io.quarkus.runtime.ShutdownEvent;

/**
 * Charges that may have been settled, because the database's answer to that was lost, though their own answers did not go
 * out. They are given back as soon as the database can be asked.
 */
@ApplicationScoped
class Voids {
    private static final Logger LOG = Logger.getLogger(Voids.class);

    private final ChargingService service;
    private final CreditsMetrics metrics;
    private final CreditsConfig.Charging config;
    private final Clock clock;
    private final BlockingQueue<Doubt> waiting;

    Voids(ChargingService service, CreditsMetrics metrics, CreditsConfig config, Clock clock) {
        this.service = service;
        this.metrics = metrics;
        this.config = config.charging();
        this.clock = clock;
        this.waiting = new LinkedBlockingQueue<>(this.config.maxVoids());
    }

    private record Doubt(long usageId, Instant since) {}

    /** Gives it back now if that can be, or else soon. */
    void add(long usageId) {
        Doubt doubt = new Doubt(usageId, clock.instant());
        try {
            metrics.refunded(CreditsMetrics.Refund.UNDONE, service.undo(List.of(usageId)));
        } catch (DatabaseException e) {
            LOG.debugf(e, "Usage %d is in doubt", usageId);
            keep(doubt);
        }
    }

    /** Gives back what waits; while the database cannot be asked, or somebody holds the account, it waits on. */
    void undo() {
        List<Doubt> batch = new ArrayList<>();
        List<Doubt> held = new ArrayList<>();
        while (waiting.drainTo(batch, config.maxSweepRows()) > 0) {
            try {
                int undone = service.undo(batch.stream().map(Doubt::usageId).toList());
                metrics.refunded(CreditsMetrics.Refund.UNDONE, undone);
                batch.clear();
            } catch (DatabaseException e) {
                if (e.isPassing() && !e.isLocked()) {
                    batch.forEach(this::keep);
                    held.forEach(this::keep);
                    throw e;
                }
                // One of them cannot be given back, and the others are not to wait for it.
                batch.stream().filter(this::isHeldAlone).forEach(held::add);
                batch.clear();
            }
        }
        held.forEach(this::keep);
    }

    /** Gives it back, or says that somebody holds its account. */
    private boolean isHeldAlone(Doubt each) {
        try {
            metrics.refunded(CreditsMetrics.Refund.UNDONE, service.undo(List.of(each.usageId())));
        } catch (DatabaseException e) {
            if (e.isLocked()) {
                return true;
            }
            LOG.error("A charge that was not answered cannot be given back", e);
            report(each);
        }
        return false;
    }

    /** What is in doubt at the end of this process is nobody's after it. */
    void undoTheLast(@Observes ShutdownEvent end) {
        try {
            undo();
        } catch (DatabaseException e) {
            LOG.error("The database cannot be asked at the end of this process", e);
            waiting.forEach(Voids::report);
        }
    }

    private void keep(Doubt each) {
        boolean old = each.since().plus(Duration.ofSeconds(config.voidSeconds())).isBefore(clock.instant());
        if (old || !waiting.offer(each)) {
            report(each);
        }
    }

    private static void report(Doubt each) {
        LOG.errorf("Usage %d may be charged though it was not answered. If its state in usage_logs is answered:"
                + " SELECT ledger.refund(ARRAY[%d], ARRAY['answered'], now())", each.usageId(), each.usageId());
    }
}
