package dev.tally.credits;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.DatabaseException;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;

/**
 * Gives back charges that were never settled: their process has died, or lost the database. Every replica looks for those
 * of all; each charge is given back once, whoever finds it.
 */
@ApplicationScoped
class SettlingService {
    private static final Logger LOG = Logger.getLogger(SettlingService.class);

    private final ChargingService charging;
    private final Voids voids;
    private final CreditsMetrics metrics;
    private final CreditsConfig config;

    SettlingService(ChargingService charging, Voids voids, CreditsMetrics metrics, CreditsConfig config) {
        this.charging = charging;
        this.voids = voids;
        this.metrics = metrics;
        this.config = config;
    }

    /** Not at the start, where first requests are waited for. */
    @Scheduled(every = "${tally.credits.sweep-every}", delayed = "5s", identity = "credits-settling", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void settle() {
        try {
            voids.undo();
        } finally {
            giveBackTheOverdue();
        }
    }

    private void giveBackTheOverdue() {
        int refunded = 0;
        for (int batch = 0; batch < config.charging().maxSweepBatches(); batch++) {
            List<Long> overdue = charging.overdue();
            int now = refund(overdue);
            refunded += now;
            if (overdue.size() < config.charging().maxSweepRows() || now == 0) {
                break;
            }
        }
        metrics.swept();
        if (refunded > 0) {
            LOG.infof("%d charges that were never settled were given back", refunded);
        }
    }

    private int refund(List<Long> usageIds) {
        try {
            int refunded = (int) charging.refund(usageIds).stream().filter(Boolean::booleanValue).count();
            metrics.refunded(CreditsMetrics.Refund.OVERDUE, refunded);
            return refunded;
        } catch (DatabaseException fault) {
            if (fault.isLocked()) {
                int refunded = charging.refundUnlocked(usageIds);
                metrics.refunded(CreditsMetrics.Refund.OVERDUE, refunded);
                return refunded;
            }
            if (fault.isPassing() || usageIds.size() == 1) {
                throw fault;
            }
            // One of them cannot be given back, and the others are not to wait for it.
            return usageIds.stream().mapToInt(this::refundAlone).sum();
        }
    }

    private int refundAlone(long usageId) {
        try {
            return refund(List.of(usageId));
        } catch (DatabaseException fault) {
            LOG.errorf(fault, "The charge of usage %d cannot be given back", usageId);
            return 0;
        }
    }
}
