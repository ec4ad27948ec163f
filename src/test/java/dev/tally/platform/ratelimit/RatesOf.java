package dev.tally.platform.ratelimit;

import java.util.List;

/** The settings of a test: beside the application no mapping can be made. */
record RatesOf(State state, int maxReplicaBuckets) implements RateLimitConfig {
    private record Fixed(int requests, int windowSeconds) implements Rate {}

    @Override
    public Rate key() {
        return new Fixed(600, 60);
    }

    @Override
    public Rate address() {
        return new Fixed(3_000, 60);
    }

    @Override
    public Rate failedKeys() {
        return new Fixed(30, 60);
    }

    @Override
    public Rate signUp() {
        return new Fixed(5, 3_600);
    }

    @Override
    public List<String> signUpPaths() {
        return List.of("/auth/");
    }

    @Override
    public int maxCleanRows() {
        return 10;
    }

    @Override
    public int maxCleanBatches() {
        return 3;
    }
}
