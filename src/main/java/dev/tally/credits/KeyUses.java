package dev.tally.credits;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.DatabaseException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;

/** When keys were last used: gathered here, and written together, so that no request waits for it. */
@ApplicationScoped
class KeyUses {
    private static final Logger LOG = Logger.getLogger(KeyUses.class);

    private final KeyQueries queries;
    private final KeysConfig config;
    private final Map<Long, Instant> uses = new ConcurrentHashMap<>();

    KeyUses(KeyQueries queries, KeysConfig config) {
        this.queries = queries;
        this.config = config;
    }

    void note(long keyId, Instant usedAt) {
        if (uses.size() < config.maxUses() || uses.containsKey(keyId)) {
            uses.put(keyId, usedAt);
        }
    }

    @Scheduled(every = "10s", delayed = "10s", identity = "key-uses", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void write() {
        Map<Long, Instant> taken = new HashMap<>(uses);
        if (taken.isEmpty()) {
            return;
        }
        try {
            queries.markUsed(taken);
            // Whoever was used again meanwhile is written the next time.
            taken.forEach(uses::remove);
        } catch (DatabaseException e) {
            LOG.warnf("When %d keys were last used could not be written; this is tried again: %s", taken.size(),
                    e.getMessage());
        }
    }

    void writeTheLast(@Observes ShutdownEvent end) {
        write();
    }
}
