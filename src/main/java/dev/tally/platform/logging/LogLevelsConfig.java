package dev.tally.platform.logging;

import java.util.List;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Which levels of the log an administrator may change, and for how long. */
@ConfigMapping(prefix = "tally.log-levels")
public interface LogLevelsConfig {
    /** The categories that may be changed, each with all below it. Never those that would write secrets. */
    @NotEmpty
    List<String> categories();

    /** For how long, if the administrator does not say. */
    @WithDefault("15")
    @Min(1)
    @Max(10_080)
    int defaultMinutes();

    /** For how long at most. */
    @WithDefault("240")
    @Min(1)
    @Max(10_080)
    int maxMinutes();

    /** How many may be changed at a time. */
    @WithDefault("50")
    @Min(1)
    @Max(1_000)
    int maxChanged();

    /** How often a process looks what others have changed, such as {@code 10s}. */
    String refreshEvery();
}
