package dev.tally.records;

import jakarta.enterprise.context.ApplicationScoped;

/** What answers cost, in credits. */
@ApplicationScoped
class RecordPrices {
    static final long RECORD_CREDITS = 1;

    private static final int HUNDRED = 100;

    private final RecordsConfig config;

    RecordPrices(RecordsConfig config) {
        this.config = config;
    }

    /** Of so many records that are asked for, however many there are. */
    long ofLimit(int limit) {
        return Math.max(1, Math.ceilDiv(limit, HUNDRED) * config.creditsPer100());
    }
}
