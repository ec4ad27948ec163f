package dev.tally.credits;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How keys are looked up. A revoked key is refused by every process within a second, so that these stay below it. */
@ConfigMapping(prefix = "tally.credits.keys")
public interface KeysConfig {
    /** How many good keys a process remembers; when there are more, all are forgotten; 0 remembers none. */
    @WithDefault("10000")
    @Min(0)
    int rememberedEntries();

    /** For how long. */
    @WithDefault("30")
    @Min(0)
    int rememberedSeconds();

    /** How often the connection that hears of revocations is tried, while keys are used. */
    @WithDefault("300")
    @Min(10)
    @Max(500)
    int heartbeatMillis();

    /** After how long without a sign of life what is remembered is not believed. */
    @WithDefault("900")
    @Min(20)
    @Max(950)
    int maxSilenceMillis();

    /** How long a look-up may have been under way that a request for the same key still waits for with others. */
    @WithDefault("200")
    @Min(0)
    @Max(500)
    int maxSharedMillis();

    /** The times of last use that wait to be written; more are left out. */
    @WithDefault("100000")
    @Min(0)
    int maxUses();

    /** How far away the end of a new key may be. */
    @WithDefault("36500")
    @Min(1)
    @Max(365_000)
    int maxLifetimeDays();

    /** How long a key that is replaced stays good at most. */
    @WithDefault("30")
    @Min(0)
    @Max(365)
    int maxGraceDays();

    /** How many keys that were revoked, or have expired, a user sees; the oldest ones beyond are removed. */
    @WithDefault("1000")
    @Min(0)
    @Max(1_000_000)
    int maxEndedPerUser();
}
