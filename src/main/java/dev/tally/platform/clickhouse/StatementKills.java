package dev.tally.platform.clickhouse;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jboss.logging.Logger;

/** Has statements ended for which nobody waits any more, each on a thread of its own: whoever asked is not to wait for it. */
final class StatementKills {
    private static final Logger LOG = Logger.getLogger(StatementKills.class);
    /** ClickHouse answers before the statement has ended. Each of three gateways may wait so long at the end of a process. */
    private static final int MAX_WAIT_SECONDS = 2;

    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("clickhouse-kill").factory());

    /** @param id of the statement, for the log */
    void start(String id, Runnable kill) {
        try {
            threads.execute(kill);
        } catch (RejectedExecutionException e) {
            LOG.warnf(e, "The statement %s was broken off by the end of the service; it ends by its time limit", id);
        }
    }

    /** Waits for those that are under way, a few seconds; there are no others afterwards. */
    void finish() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Not all statements could be killed in time in ClickHouse; they end by their time limits");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Statements that are being killed in ClickHouse are not waited for", e);
        }
    }
}
