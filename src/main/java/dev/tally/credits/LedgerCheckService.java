package dev.tally.credits;

import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListSet;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.DatabaseException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;

/**
 * Goes round all accounts, some at a time, and looks whether each balance is the sum of its entries. Triggers see to that;
 * this sees to the triggers, which an owner of the tables can switch off.
 */
@ApplicationScoped
class LedgerCheckService {
    private static final Logger LOG = Logger.getLogger(LedgerCheckService.class);

    private final LedgerCheckQueries queries;
    private final LedgerCheckConfig config;
    /** Users whose balance was wrong when it was last looked at. */
    private final NavigableSet<Long> different = new ConcurrentSkipListSet<>();
    /** Only of the one check that runs at a time. */
    private long checkedUntil = Long.MIN_VALUE;

    LedgerCheckService(LedgerCheckQueries queries, LedgerCheckConfig config, MeterRegistry registry) {
        this.queries = queries;
        this.config = config;
        registry.gauge("tally.credits.ledger.differences", different, NavigableSet::size);
    }

    /** Compares the next accounts, or begins again when there are none any more. */
    @Scheduled(every = "${tally.credits.ledger-check.every}", delayed = "12s", identity = "credits-ledger-check", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void check() {
        try {
            OptionalLong last = queries.lastOfNext(checkedUntil, config.maxAccounts());
            if (last.isEmpty()) {
                // An account cannot be removed, so these are all.
                checkedUntil = Long.MIN_VALUE;
                return;
            }
            List<Long> wrong = queries.different(checkedUntil, last.getAsLong());
            wrong.stream().filter(user -> !different.contains(user)).forEach(
                    user -> LOG.errorf("The balance of user %d is not the sum of its ledger: see ledger.differences",
                            user));
            different.subSet(checkedUntil, false, last.getAsLong(), true).removeIf(user -> !wrong.contains(user));
            different.addAll(wrong);
            checkedUntil = last.getAsLong();
        } catch (DatabaseException e) {
            // Next time from the same place.
            LOG.debugf(e, "Balances were not compared with their ledger");
        }
    }
}
