package dev.tally.calls;

/**
 * The bounds for tests without the application: a mapping made beside it keeps Quarkus from reading its own
 * configuration in the same JVM.
 */
record CallsConfigForTests() implements CallsConfig, CallsConfig.Load {
    @Override
    public int maxRangeDays() {
        return 3660;
    }

    @Override
    public int maxSearchMsisdns() {
        return 1000;
    }

    @Override
    public int maxConcurrentSearches() {
        return 4;
    }

    @Override
    public int partitionMonthsAhead() {
        return 2;
    }

    @Override
    public CallsConfig.Load load() {
        return this;
    }

    @Override
    public int maxConcurrent() {
        return 4;
    }

    @Override
    public long maxUnpackedBytes() {
        return 1_000_000;
    }

    @Override
    public int maxRowLength() {
        return 65_536;
    }

    @Override
    public int maxRejects() {
        return 100;
    }

    @Override
    public int maxStatementSeconds() {
        return 60;
    }
}
