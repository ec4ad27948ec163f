package dev.tally.records;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** What records cost, and the bounds of this job. */
@ConfigMapping(prefix = "tally.records")
public interface RecordsConfig {
    /** How many records whoever does not say gets. */
    @WithDefault("100")
    @Min(1)
    int defaultLimit();

    /** How many records one answer may have. */
    @WithDefault("1000")
    @Min(1)
    @Max(100_000)
    int maxLimit();

    /** What a hundred records cost, and a part of a hundred. */
    @WithName("credits-per-100")
    @WithDefault("1")
    @Min(0)
    @Max(1_000_000)
    long creditsPer100();

    /** How many records may be left out before the first; who wants later ones pages by key. */
    @WithDefault("100000")
    @Min(0)
    @Max(10_000_000)
    int maxOffset();

    /** The length of a key. */
    @WithDefault("200")
    @Min(1)
    @Max(1_000)
    int maxKeyCharacters();

    /** The length of the other texts of a record, and of what is searched in them. */
    @WithDefault("500")
    @Min(1)
    @Max(10_000)
    int maxTextCharacters();

    /** The size of an answer to a consumer. */
    @WithDefault("8388608")
    @Min(65_536)
    @Max(134_217_728)
    int maxAnswerBytes();

    /** For how many searches the number of all that they find is kept. */
    @WithDefault("1000")
    @Min(0)
    @Max(1_000_000)
    int maxKeptTotals();

    Query query();

    Load load();

    /** The bounds of what ClickHouse does for one answer. */
    interface Query {
        @WithDefault("20")
        @Min(1)
        @Max(3_600)
        int maxSeconds();

        /** On each server. */
        @WithDefault("2147483648")
        @Min(1_048_576)
        long maxMemoryBytes();

        /** What it gives, which is held in memory. */
        @WithDefault("67108864")
        @Min(65_536)
        @Max(1_073_741_824)
        int maxAnswerBytes();

        /** How many are under way at once, in this process; others wait. */
        @WithDefault("16")
        @Min(1)
        int maxConcurrent();

        /** How far a replica of a cluster may lag behind and still be asked. */
        @WithDefault("5")
        @Min(1)
        @Max(3_600)
        int maxReplicaDelaySeconds();

        /** How many rows a search may look at. */
        @WithDefault("1000000000")
        @Min(1)
        long maxRowsToRead();
    }

    /** The bounds of an upload of records. */
    interface Load {
        /** How many uploads are loaded at once. */
        @WithDefault("2")
        @Min(1)
        int maxConcurrent();

        /** The size of an upload after it was unpacked. */
        @WithDefault("10737418240")
        @Min(1)
        @Max(17_179_869_183L)
        long maxUnpackedBytes();

        /** The longest row of a CSV in characters, the longest line of NDJSON in bytes. */
        @WithDefault("65536")
        @Min(1_024)
        @Max(1_048_576)
        int maxRowLength();

        /** How many rejects are returned with their reason. */
        @WithDefault("100")
        @Min(0)
        @Max(10_000)
        int maxRejects();

        /** How many records are sent to ClickHouse at once. */
        @WithDefault("50000")
        @Min(1)
        @Max(1_000_000)
        int maxBlockRows();

        /** How many bytes are, as they are sent; a record more at most. */
        @WithDefault("16777216")
        @Min(65_536)
        @Max(268_435_456)
        int maxBlockBytes();

        /** How long ClickHouse may take to store them; shorter than an attempt with an Idempotency-Key counts as alive. */
        @WithDefault("45")
        @Min(1)
        @Max(3_600)
        int maxInsertSeconds();
    }
}
