package dev.tally.platform.table;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The bounds of an answer on its way out. */
@ConfigMapping(prefix = "tally.table")
public interface TableConfig {
    /**
     * The size of one buffer. An answer that fits goes out in one write, which may be on an event loop: the others there wait
     * for as long as it takes to fill. A larger one holds at most three of them.
     */
    @WithDefault("65536")
    @Min(4096)
    @Max(16_777_216)
    int bufferSizeBytes();

    /** How many buffers are kept for the next answers. */
    @WithDefault("64")
    @Min(1)
    @Max(65_536)
    int idleBuffers();

    /** How long a client may take no byte before it counts as gone: its query holds a database connection. */
    @WithDefault("60")
    @Min(1)
    int stalledClientSeconds();
}
