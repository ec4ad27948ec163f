package dev.tally.calls;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The bounds of this job. */
@ConfigMapping(prefix = "tally.calls")
public interface CallsConfig {
    /** The longest range of dates that may be asked for. */
    @WithDefault("3660")
    int maxRangeDays();

    /** The most subscribers of one search. */
    @WithDefault("1000")
    int maxSearchMsisdns();

    /** How many answers over several subscribers may be under way at once; each holds a connection while it streams. */
    @WithDefault("8")
    int maxConcurrentSearches();

    /** How many months ahead of today partitions are made. */
    @WithDefault("2")
    int partitionMonthsAhead();

    Load load();

    /** The bounds of the upload of CDRs. */
    interface Load {
        /** How many uploads are loaded at once; each holds a connection. */
        @WithDefault("4")
        int maxConcurrent();

        /** The size of an upload after it was unpacked. */
        @WithDefault("10737418240")
        long maxUnpackedBytes();

        /** The longest row of a CSV in characters, the longest line of NDJSON in bytes. */
        @WithDefault("65536")
        int maxRowLength();

        /** How many rejects are returned with their reason. */
        @WithDefault("100")
        int maxRejects();

        /** How long one of the load's SQL statements may take. */
        @WithDefault("3600")
        int maxStatementSeconds();
    }
}
