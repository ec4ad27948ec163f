package dev.tally.platform.events;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The bounds of streams of events. */
@ConfigMapping(prefix = "tally.events")
public interface EventsConfig {
    /** How many streams a process has open at once; who asks for one more is to ask for the state instead. */
    @WithDefault("500")
    @Min(0)
    int maxStreams();

    /** How long a stream lives, whatever happens; its client then asks for the state, or for another stream. */
    @WithDefault("900")
    @Min(1)
    int maxStreamSeconds();

    /** How often a process looks how all that is followed stands. */
    @WithDefault("1000")
    @Min(50)
    int lookMillis();

    /** How long a stream says nothing at most, so that no proxy takes it for dead. */
    @WithDefault("15")
    @Min(1)
    @Max(60)
    int heartbeatSeconds();
}
