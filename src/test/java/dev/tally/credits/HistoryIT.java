package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.testsupport.Chaos;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.UsersForTests;

/**
 * Many random operations of several clients on two replicas, while replicas are killed, ClickHouse fails, hangs and
 * breaks off, and balances are changed by hand. In the end the books have to be right to the last credit.
 *
 * <p>The seed gives each client's operations and their order; {@code -Dchaos.seed} repeats them, and
 * {@code -Dhistory.operations} says how many there are, {@code -Dhistory.clients} how many clients share them.
 */
@NeedsClickHouse
@Tag(Chaos.TAG)
class HistoryIT {
    private static final Logger LOG = Logger.getLogger(HistoryIT.class);
    private static final int CLIENTS = Integer.getInteger("history.clients", 16);
    private static final int OPERATIONS = Integer.getInteger("history.operations", Chaos.times(4_000, 10_000));
    private static final long SEED = Chaos.seed();
    private static final int MIN_LIFE_MILLIS = 800;
    private static final int MAX_LIFE_MILLIS = 4_000;
    private static final Duration END = Duration.ofMinutes(3);

    private final HistoryBooks books = new HistoryBooks("tally_history_it");
    private final HistoryRecords records = new HistoryRecords();
    private final HistoryReplicas replicas;

    HistoryIT(@TempDir Path directory) throws IOException {
        Path users = Files.writeString(directory.resolve("users"),
                "admin = " + UsersForTests.digest("admin") + ", admin\n");
        Map<String, String> environment = new HashMap<>(books.environment());
        environment.putAll(records.environment());
        environment.put("TALLY_USERS_FILE", users.toString());
        replicas = new HistoryReplicas(environment);
    }

    @AfterEach
    void close() throws IOException {
        replicas.close();
        records.close();
    }

    @Test
    void keepsTheBooksRightWhateverHappens() throws Exception {
        replicas.start();
        books.open();
        records.misbehave();
        List<HistoryClient> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            clients.add(new HistoryClient(client, SEED, OPERATIONS / CLIENTS, replicas, books));
        }

        int kills = run(clients);

        await().atMost(END).pollInterval(Duration.ofMillis(200)).until(() -> books.openCharges() == 0);
        HistoryClient.Counts counts = HistoryClient.Counts.sum(clients);
        LOG.infof("History of seed %d: %s; %d kills, %d faults of ClickHouse, ledger: %s", SEED, counts, kills,
                records.faults(), books.entriesByKind());
        assertThat(books.differences()).isEmpty();
        assertThat(books.negativeBalances()).isZero();
        assertThat(books.topUps()).isEqualTo(counts.topUps());
        assertThat(books.adjustments()).isEqualTo(counts.changesByHand() + HistoryBooks.ACCOUNTS);
        assertThat(books.faults(clients)).isEmpty();
        assertThat(kills).isPositive();
        assertThat(counts.answered()).isPositive();
        assertThat(counts.refused()).isPositive();
        assertThat(counts.failed()).isPositive();
    }

    /** Runs them all to their end, and gives how many replicas were killed meanwhile. */
    private int run(List<HistoryClient> clients) throws Exception {
        int kills = 0;
        Random random = new Random(SEED);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> runs = new ArrayList<>();
            clients.forEach(client -> runs.add(threads.submit(client)));
            for (Future<?> run : runs) {
                while (!ended(run, random.nextInt(MIN_LIFE_MILLIS, MAX_LIFE_MILLIS))) {
                    replicas.killOneAndStartAnother(random);
                    kills++;
                }
            }
        }
        return kills;
    }

    private static boolean ended(Future<?> run, int millis) throws Exception {
        try {
            run.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException _) {
            return false;
        }
    }
}
