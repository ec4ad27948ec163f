package dev.tally.credits;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.tally.testsupport.PackagedTally;

/** Two processes of the application on one database. */
final class HistoryReplicas implements AutoCloseable {
    private static final int REPLICAS = 2;

    private final Map<String, String> environment;
    private final AtomicReferenceArray<Replica> replicas = new AtomicReferenceArray<>(REPLICAS);

    private record Replica(PackagedTally process, String address) {}

    HistoryReplicas(Map<String, String> environment) {
        this.environment = environment;
    }

    void start() {
        for (int i = 0; i < REPLICAS; i++) {
            replicas.set(i, launch());
        }
    }

    private Replica launch() {
        PackagedTally process = PackagedTally.start(environment);
        return new Replica(process, "http://127.0.0.1:" + process.port());
    }

    /** Where one of them is, or was until a moment ago. */
    String address(int number) {
        return replicas.get(Math.floorMod(number, REPLICAS)).address();
    }

    /** By SIGKILL. */
    void killOneAndStartAnother(Random random) {
        int victim = random.nextInt(REPLICAS);
        replicas.get(victim).process().close();
        replicas.set(victim, launch());
    }

    @Override
    public void close() {
        for (int i = 0; i < REPLICAS; i++) {
            Replica replica = replicas.get(i);
            if (replica != null) {
                replica.process().close();
            }
        }
    }
}
