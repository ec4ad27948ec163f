package dev.tally.credits;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.tally.platform.idempotency.BenchKeys;
import dev.tally.platform.idempotency.IdempotencyConfig;
import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.postgres.Statements;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

/** Clients that charge one credit after the other, each with a key of its own, by the application's classes and bounds. */
public final class ChargingLoop {
    private static final int POOL = 30;
    private static final byte[] FINGERPRINT = new byte[32];

    private ChargingLoop() {}

    /** Gives how many were charged in a second; with {@code settled}, how many were settled too. */
    public static double run(String jdbcUrl, String user, int accounts, int clients, int seconds, boolean settled)
            throws Exception {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(Map.of("tally.credits.sweep-every", "10s"), "bench", 0))
                .withMapping(CreditsConfig.class).withMapping(IdempotencyConfig.class).build();
        try (AgroalDataSource pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(it -> it.maxSize(POOL).connectionFactoryConfiguration(
                        connection -> connection.jdbcUrl(jdbcUrl).principal(new NamePrincipal(user)))))) {
            Clock clock = Clock.systemUTC();
            Statements statements = new Statements(pool);
            CreditsConfig credits = config.getConfigMapping(CreditsConfig.class);
            IdempotencyService keys = BenchKeys.of(statements, clock, config.getConfigMapping(IdempotencyConfig.class));
            ChargingService service = new ChargingService(new ChargeQueries(statements), keys, OptionalLong::empty,
                    credits, clock);
            Charger charger = new Charger(service, new CreditsMetrics(new SimpleMeterRegistry()), credits);
            return new Loop(charger, keys, accounts, settled).perSecond(clients, seconds);
        }
    }

    private record Loop(Charger charger, IdempotencyService keys, int accounts, boolean settled) {
        double perSecond(int clients, int seconds) throws Exception {
            // The just-in-time compiler, and the database's first prepared statements.
            long unused = count(clients, Math.max(1, seconds / 4), 0);
            long start = System.nanoTime();
            long count = count(clients, seconds, clients);
            return count / ((System.nanoTime() - start) / 1e9);
        }

        private long count(int clients, int seconds, int seed) throws Exception {
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Callable<Long>> tasks = IntStream.range(0, clients)
                        .<Callable<Long>>mapToObj(client -> () -> charge(seed + client, end)).toList();
                long count = 0;
                for (Future<Long> each : new ArrayList<>(threads.invokeAll(tasks))) {
                    count += each.get();
                }
                return count;
            }
        }

        private long charge(int client, long end) throws InterruptedException {
            SplittableRandom random = new SplittableRandom(client);
            long count = 0;
            while (System.nanoTime() < end) {
                long user = random.nextLong(accounts) + 1;
                Charge.Decision decision = charger.charge(new Charge(user, 1, "/query", "{\"limit\":100}",
                        Optional.of(new Charge.Key(keys.ticket("user:" + user, client + "-" + count), FINGERPRINT))));
                if (decision.outcome() != Charge.Outcome.CHARGED) {
                    throw new IllegalStateException("Not charged: " + decision);
                }
                if (settled && !charger.settle(user, new Settlement(decision.usageId(), 100, 3, Optional.empty()))) {
                    throw new IllegalStateException("Not settled");
                }
                count++;
            }
            return count;
        }
    }
}
