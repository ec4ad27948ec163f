package dev.tally.credits;

import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.DatabaseException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;

/**
 * Goes round all accounts, some at a time, and looks whether each balance is the sum of its entries. Triggers see to that;
 * this sees to the triggers, which an owner of the tables can switch off. An account that cannot be summed up is told of
 * and left out until the next round: the others are not to wait for it.
 */
@ApplicationScoped
class LedgerCheckService {
    private static final Logger LOG = Logger.getLogger(LedgerCheckService.class);

    private final LedgerCheckQueries queries;
    private final LedgerCheckConfig config;
    /** Users whose balance was wrong when it was last looked at. */
    private final NavigableSet<Long> different = new ConcurrentSkipListSet<>();
    /** Users of whom nobody knows, because their ledger was not summed up when it was last tried. */
    private final NavigableSet<Long> unknown = new ConcurrentSkipListSet<>();
    /** Only of the one check that runs at a time. */
    private long checkedUntil = Long.MIN_VALUE;

    LedgerCheckService(LedgerCheckQueries queries, LedgerCheckConfig config, MeterRegistry registry) {
        this.queries = queries;
        this.config = config;
        registry.gauge("tally.credits.ledger.differences", different, NavigableSet::size);
        registry.gauge("tally.credits.ledger.unchecked", unknown, NavigableSet::size);
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
            compare(last.getAsLong());
        } catch (DatabaseException e) {
            // Next time from the same place. That the database cannot be asked is told by all that ask it.
            LOG.logf(e.isPassing() ? Logger.Level.DEBUG : Logger.Level.ERROR, e,
                    "Balances were not compared with their ledger");
        }
    }

    private void compare(long last) {
        try {
            compareUntil(last);
        } catch (DatabaseException e) {
            if (!LedgerCheckQueries.isOfAccounts(e)) {
                throw e;
            }
            LOG.debugf(e, "Some accounts after %d are compared one by one", checkedUntil);
            compareEach(last);
        }
    }

    /** Each goes as far as it gets, so that the next look begins behind it, whatever becomes of this one. */
    private void compareEach(long last) {
        long begin = System.nanoTime();
        do {
            OptionalLong next = queries.lastOfNext(checkedUntil, 1);
            if (next.isEmpty()) {
                return;
            }
            try {
                compareUntil(next.getAsLong());
            } catch (DatabaseException e) {
                if (!LedgerCheckQueries.isOfAccounts(e)) {
                    throw e;
                }
                leaveOut(next.getAsLong(), e);
            }
        } while (checkedUntil < last
                && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(config.maxSeconds()));
    }

    private void compareUntil(long last) {
        List<Long> wrong = queries.different(checkedUntil, last, config.maxStatementSeconds());
        wrong.stream().filter(user -> !different.contains(user)).forEach(
                user -> LOG.errorf("The balance of user %d is not the sum of its ledger: see ledger.differences",
                        user));
        different.subSet(checkedUntil, false, last, true).removeIf(user -> !wrong.contains(user));
        different.addAll(wrong);
        unknown.subSet(checkedUntil, false, last, true).clear();
        checkedUntil = last;
    }

    /** What was known of it before stays so. */
    private void leaveOut(long user, DatabaseException fault) {
        if (unknown.add(user)) {
            LOG.warnf(fault,
                    "The balance of user %d was not compared with its ledger, which cannot be summed up or takes"
                            + " more than %d s. It is tried again in the next round",
                    user, config.maxStatementSeconds());
        }
        checkedUntil = user;
    }
}
