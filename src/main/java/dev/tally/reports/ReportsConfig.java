package dev.tally.reports;

import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The times and bounds of this job; how Gcore is reached is apart. */
@ConfigMapping(prefix = "tally.reports")
public interface ReportsConfig {
    /** Gcore is asked for the state of a report no more often than this. */
    @Min(1)
    int pollIntervalSeconds();

    /** A report that Gcore has not completed after this is timed out. */
    @Min(1)
    int pollTimeoutSeconds();

    /** How long a client that does not say so waits for its report; it may wait for the poll time-out at most. */
    @WithDefault("25")
    @Min(0)
    int waitSeconds();

    /** How many clients may wait at once; the others are answered with the job at once. */
    @WithDefault("500")
    @Min(0)
    int maxWaitingClients();

    /** The longest range of dates that may be asked for. */
    @WithDefault("366")
    @Min(1)
    int maxRangeDays();

    /** How many jobs may be open, over all processes. */
    @WithDefault("20000")
    @Min(1)
    int maxOpenJobs();

    /** How many URLs may be told of the end of one job. */
    @WithDefault("100")
    @Min(0)
    int maxCallbacks();

    Work work();

    Results results();

    /** How the processes share the work. */
    interface Work {
        /** How long a process that says nothing is believed to live. */
        @WithDefault("60")
        @Min(1)
        int leaseSeconds();

        /** How long a report that Gcore was asked for, without an answer, may take to show in its list. */
        @Min(1)
        int settleSeconds();

        /** How often a busy process looks for what is due, and writes what it found. */
        @WithDefault("500")
        @Min(10)
        int tickMillis();

        /** How many parts a process works on at once. */
        @WithDefault("1000")
        @Min(1)
        int maxParts();

        /** How many reports a process asks Gcore for at once. */
        @WithDefault("16")
        @Min(1)
        int maxStarts();

        /** How long the fetching of one may take. */
        @WithDefault("900")
        @Min(1)
        int maxDownloadSeconds();

        /** How many reports a process fetches at once. */
        @WithDefault("4")
        @Min(1)
        int maxDownloads();

        /** How often a report is fetched that breaks off, or a step of this service's own tried. */
        @WithDefault("5")
        @Min(1)
        int maxTries();
    }

    /** The rows of completed reports. */
    interface Results {
        /** How long a report is kept. */
        @WithDefault("168")
        @Min(1)
        int retentionHours();

        /** How long it is known, after that, that there was one. */
        @WithDefault("90")
        @Min(0)
        int forgetAfterDays();

        /** The longest record of a file of Gcore's. */
        @WithDefault("100000")
        @Min(1_000)
        @Max(10_000_000)
        int maxRecordCharacters();

        /** How many columns a file of Gcore's may have. */
        @WithDefault("200")
        @Min(6)
        @Max(1000)
        int maxColumns();

        /** How many compressed bytes of a part PostgreSQL keeps; more go to S3, where that is configured. */
        @WithDefault("67108864")
        @Min(0)
        long maxPostgresBytes();

        /** How many compressed bytes a part may have at all. */
        @WithDefault("1073741824")
        @Min(1_024)
        long maxBytes();

        /** The pieces in which PostgreSQL keeps them. */
        @WithDefault("262144")
        @Min(1024)
        @Max(16_777_216)
        int chunkBytes();

        /** The bucket for what PostgreSQL does not keep. */
        Optional<String> s3Bucket();

        /** What the names of its objects start with. */
        @WithDefault("reports/")
        String s3Prefix();
    }
}
