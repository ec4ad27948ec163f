package dev.tally.analytics;

/** Bounds that tests can reach. */
record StoreConfigForTests(int partBytes, int maxConnections, int partsAhead, int maxTries, int maxRequestMillis,
        int maxSilenceMillis, int maxObjects, boolean verifyMd5) implements StoreConfig {
    static final StoreConfigForTests SMALL = new StoreConfigForTests(1000, 4, 3, 3, 10_000, 1_500, 10_000, false);

    StoreConfigForTests withPartBytes(int bytes) {
        return new StoreConfigForTests(bytes, maxConnections, partsAhead, maxTries, maxRequestMillis,
                maxSilenceMillis, maxObjects, verifyMd5);
    }

    StoreConfigForTests withMaxConnections(int connections) {
        return new StoreConfigForTests(partBytes, connections, partsAhead, maxTries, maxRequestMillis,
                maxSilenceMillis, maxObjects, verifyMd5);
    }

    StoreConfigForTests withMaxTries(int tries) {
        return new StoreConfigForTests(partBytes, maxConnections, partsAhead, tries, maxRequestMillis,
                maxSilenceMillis, maxObjects, verifyMd5);
    }

    StoreConfigForTests withMaxRequestMillis(int millis) {
        return new StoreConfigForTests(partBytes, maxConnections, partsAhead, maxTries, millis, maxSilenceMillis,
                maxObjects, verifyMd5);
    }

    StoreConfigForTests withMaxSilenceMillis(int millis) {
        return new StoreConfigForTests(partBytes, maxConnections, partsAhead, maxTries, maxRequestMillis, millis,
                maxObjects, verifyMd5);
    }

    StoreConfigForTests withMaxObjects(int objects) {
        return new StoreConfigForTests(partBytes, maxConnections, partsAhead, maxTries, maxRequestMillis,
                maxSilenceMillis, objects, verifyMd5);
    }

    StoreConfigForTests withVerifyMd5() {
        return new StoreConfigForTests(partBytes, maxConnections, partsAhead, maxTries, maxRequestMillis,
                maxSilenceMillis, maxObjects, true);
    }

    @Override
    public int minBackoffMillis() {
        return 2;
    }

    @Override
    public int maxBackoffMillis() {
        return 10;
    }

    @Override
    public int maxConnectMillis() {
        return 2000;
    }
}
