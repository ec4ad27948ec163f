package dev.tally.credits;

import java.time.Instant;

/**
 * What changed a balance.
 *
 * @param kind grant, charge, refund, topup or adjustment
 * @param amount below 0 for what was taken
 */
record LedgerEntry(long id, long userId, Instant createdAt, String kind, long amount, long balanceAfter,
        String reference) {}
