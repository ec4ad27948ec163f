package dev.tally.platform.tracing;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Which requests are traced, if any are. */
@ConfigMapping(prefix = "tally.traces")
public interface TracesConfig {
    /** Which share of them, 0 to 1. */
    @WithDefault("1")
    @DecimalMin("0")
    @DecimalMax("1")
    double ratio();

    /** How many a second at most begin in a process, whatever else is said. */
    @WithDefault("50")
    @Min(1)
    @Max(100_000)
    int maxPerSecond();

    /** Whether a caller who sends {@code traceparent} decides; only behind a proxy that sets or removes it. */
    @WithDefault("false")
    boolean trustCallers();
}
