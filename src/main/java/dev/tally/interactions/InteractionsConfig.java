package dev.tally.interactions;

import java.time.ZoneId;
import java.util.List;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The channels, the zone and the bounds of this job. */
@ConfigMapping(prefix = "tally.interactions")
public interface InteractionsConfig {
    /** In which zone the dates of a workbook are, and of answers that are not asked for another. */
    ZoneId zone();

    /** The channels that there are before any import. */
    List<String> channels();

    /** The longest range of dates that may be asked for. */
    @WithDefault("36600")
    int maxRangeDays();

    /** How many answers over all customers may be under way at once; each holds a connection while it streams. */
    @WithDefault("8")
    int maxConcurrentStatistics();

    Import imports();

    /** The bounds of a workbook. */
    interface Import {
        /** How many files the workbook, which is an archive, may hold. */
        @WithDefault("1000")
        int maxEntries();

        /** How many bytes one of them may have when it is unpacked. */
        @WithDefault("536870912")
        long maxEntryBytes();

        /** How many times the packed bytes one of them may be. */
        @WithDefault("200")
        @Min(2)
        int maxInflateRatio();

        /** How many rows the sheets may have together. */
        @WithDefault("1000000")
        long maxRows();

        /** How many characters the texts may have together that Excel keeps apart from the sheets. */
        @WithDefault("50000000")
        int maxSharedCharacters();

        /** How many channels there may be; each is a column of the table of all customers. */
        @WithDefault("200")
        @Max(1000)
        int maxChannels();

        /** How many products there may be. */
        @WithDefault("10000")
        int maxProducts();

        /** How many rejected rows are kept with their reasons; a workbook with more is refused. */
        @WithDefault("100000")
        int maxRejects();

        /** How many rejects and how many warnings stand in an import; all rejects are in its table. */
        @WithDefault("100")
        int maxListed();

        /** How long an import may take. */
        int maxSeconds();

        /** How long a client that does not say so waits for its import. */
        @WithDefault("25")
        int waitSeconds();

        /** How long a client may wait. */
        @WithDefault("60")
        int maxWaitSeconds();
    }
}
