package dev.tally.platform.idempotency;

/** Beside the application no mapping can be made. */
record IdempotencyBounds() implements IdempotencyConfig {
    @Override
    public int keepHours() {
        return 24;
    }

    @Override
    public int lockSeconds() {
        return 60;
    }

    @Override
    public int maxAnswerBytes() {
        return 65_536;
    }

    @Override
    public int maxCleanRows() {
        return 10;
    }

    @Override
    public int maxCleanBatches() {
        return 10;
    }
}
