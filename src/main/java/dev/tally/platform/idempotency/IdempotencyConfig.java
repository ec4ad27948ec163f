package dev.tally.platform.idempotency;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How long keys are known, and the bounds of the answers that are kept for them. */
@ConfigMapping(prefix = "tally.idempotency")
public interface IdempotencyConfig {
    /** How long a key is known after its request began, and after it was answered. */
    @WithDefault("24")
    @Min(1)
    int keepHours();

    /** How long an attempt may say nothing before it counts as dead; longer than what it does between two renewals. */
    @WithDefault("60")
    @Min(30)
    @Max(3_600)
    int lockSeconds();

    /** The largest answer that is kept, headers included. */
    @WithDefault("2097152")
    @Min(65_536)
    @Max(67_108_864)
    int maxAnswerBytes();

    /** How many expired keys are removed by one statement. */
    @WithDefault("1000")
    @Min(1)
    int maxCleanRows();

    /** How many such statements are run in a row. */
    @WithDefault("1000")
    @Min(1)
    int maxCleanBatches();
}
