package dev.tally.credits;

import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;

import javax.sql.DataSource;

import dev.tally.platform.idempotency.IdempotencyForTests;
import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.postgres.Statements;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** One process that charges, without the application around it: several of them are replicas. */
final class CreditsForTests {
    final ChargingService service;
    final Charger charger;
    final Voids voids;
    final SettlingService settling;
    final MeteredAnswers meter;
    final HeldBytes heldBytes;

    CreditsForTests(DataSource database, Clock clock) {
        this(database, clock, new Config(512, 10_000, 10_000, 134_217_728));
    }

    CreditsForTests(DataSource database, Clock clock, CreditsConfig config) {
        IdempotencyService idempotency = IdempotencyForTests.of(database, clock);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        CreditsMetrics metrics = new CreditsMetrics(registry);
        heldBytes = new HeldBytes(config, registry);
        service = new ChargingService(new ChargeQueries(new Statements(database)), idempotency, OptionalLong::empty,
                config, clock);
        charger = new Charger(service, metrics, config);
        voids = new Voids(service, metrics, config, clock);
        settling = new SettlingService(service, voids, metrics, config);
        meter = new MeteredAnswers(charger, service, voids, idempotency, heldBytes, config);
    }

    static Charge charge(long userId, long credits) {
        return new Charge(userId, credits, "/query", "{}", Optional.empty());
    }

    /** The standard ones, but for these. */
    record Config(int maxBatch, int maxQueued, int maxWaitMillis,
            long maxHeldBytes) implements CreditsConfig, CreditsConfig.Charging {
        @Override
        public int signUpCredits() {
            return 100;
        }

        @Override
        public int maxKeysPerUser() {
            return 50;
        }

        @Override
        public String sweepEvery() {
            return "10s";
        }

        @Override
        public Charging charging() {
            return this;
        }

        @Override
        public LowBalance lowBalance() {
            throw new UnsupportedOperationException("Nobody is told");
        }

        @Override
        public int maxStatements() {
            return 2;
        }

        @Override
        public int minBeside() {
            return 16;
        }

        @Override
        public int maxPatienceMillis() {
            return 5;
        }

        @Override
        public int maxConflicts() {
            return 5;
        }

        @Override
        public int leaseSeconds() {
            return 90;
        }

        @Override
        public int maxSweepRows() {
            return 100;
        }

        @Override
        public int maxSweepBatches() {
            return 1_000;
        }

        @Override
        public int maxVoids() {
            return 1_000;
        }

        @Override
        public int voidSeconds() {
            return 600;
        }
    }
}
