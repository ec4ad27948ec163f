package dev.tally.credits;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How balances are compared with their ledger, some at a time. */
@ConfigMapping(prefix = "tally.credits.ledger-check")
public interface LedgerCheckConfig {
    /** How often some are, such as {@code 10m}; {@code off} for never. */
    String every();

    /** How many at a time. */
    @WithDefault("200")
    @Min(1)
    @Max(100_000)
    int maxAccounts();

    /**
     * How long PostgreSQL may take to sum up the ledger of those, and then that of any one of them. It is given no longer
     * than {@code tally.postgres.max-statement-seconds} either.
     */
    @WithDefault("20")
    @Min(1)
    @Max(3_600)
    int maxStatementSeconds();

    /** How long one look at accounts one by one may go on; what is left is the next one's. */
    @WithDefault("120")
    @Min(1)
    @Max(3_600)
    int maxSeconds();
}
