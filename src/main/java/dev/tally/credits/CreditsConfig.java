package dev.tally.credits;

import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What users are given, and how they are charged. */
@ConfigMapping(prefix = "tally.credits")
public interface CreditsConfig {
    /** What a new user may spend. */
    @WithDefault("100")
    @Min(0)
    @Max(1_000_000_000)
    int signUpCredits();

    /** How many good keys a user may have. */
    @WithDefault("50")
    @Min(1)
    @Max(10_000)
    int maxKeysPerUser();

    /** How often charges that were never settled are looked for, such as {@code 10s}. */
    String sweepEvery();

    Charging charging();

    LowBalance lowBalance();

    /** Charges are decided many at a time, and so are their settlements and refunds. */
    interface Charging {
        /** How many statements decide at once. All charges of a user are decided one after the other. */
        @WithDefault("2")
        @Min(1)
        @Max(32)
        int maxStatements();

        /** How many have to wait before a statement begins beside another: it costs as much as this many charges. */
        @WithDefault("16")
        @Min(1)
        @Max(10_000)
        int minBeside();

        /** How long fewer wait for the other statement to end. */
        @WithDefault("5")
        @Min(0)
        @Max(1_000)
        int maxPatienceMillis();

        /** How many are decided by one statement. */
        @WithDefault("512")
        @Min(1)
        @Max(10_000)
        int maxBatch();

        /** How many may wait; more are refused. */
        @WithDefault("10000")
        @Min(1)
        int maxQueued();

        /** How long one waits for the decision. */
        @WithDefault("10000")
        @Min(100)
        @Max(60_000)
        int maxWaitMillis();

        /**
         * How much the answers may take, in this process, that are made and wait for their settlement. What is asked when
         * there is no room is refused before it is charged.
         */
        @WithDefault("134217728")
        @Min(1_048_576)
        long maxHeldBytes();

        /** How often a batch is tried again that the database ended because of a conflict with another. */
        @WithDefault("5")
        @Min(0)
        @Max(100)
        int maxConflicts();

        /** How long a charge may be unsettled before it is given back; longer than the longest work. */
        @WithDefault("180")
        @Min(10)
        @Max(3_600)
        int leaseSeconds();

        /** How many overdue charges are looked for at a time. */
        @WithDefault("1000")
        @Min(1)
        int maxSweepRows();

        /** How often in a row. */
        @WithDefault("1000")
        @Min(1)
        int maxSweepBatches();

        /** How many charges that may have been settled, though their answers were not sent, are remembered. */
        @WithDefault("10000")
        @Min(1)
        int maxVoids();

        /** How long it is tried to give one of them back. */
        @WithDefault("600")
        @Min(1)
        @Max(86_400)
        int voidSeconds();
    }

    /** The event {@code credits.low}. */
    interface LowBalance {
        /** It is told when a charge takes a balance below this. */
        @WithDefault("10")
        @Min(1)
        long threshold();

        /** Whom it is told. */
        Optional<String> callbackUrl();

        /** How many are told by one transaction. */
        @WithDefault("500")
        @Min(1)
        int maxTold();
    }
}
