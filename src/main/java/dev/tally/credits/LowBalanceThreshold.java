package dev.tally.credits;

import java.util.OptionalLong;

/** When a balance is low. */
@FunctionalInterface
interface LowBalanceThreshold {
    /** Below which it is; empty when nobody wants to know. */
    OptionalLong credits();
}
