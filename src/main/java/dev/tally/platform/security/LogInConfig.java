package dev.tally.platform.security;

import java.util.List;

import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;

/** How long a password that was found right is not looked at again, and where what is asked for. */
@ConfigMapping(prefix = "tally.log-in")
interface LogInConfig {
    /** How many log-ins are remembered; when there are more, all are forgotten; 0 remembers none. */
    @Min(0)
    int rememberedEntries();

    /** For how long; 0 remembers none. */
    @Min(0)
    int rememberedSeconds();

    /** Where only API keys are of use: there, and below, a request without credentials is asked for one. */
    List<String> keyPaths();
}
