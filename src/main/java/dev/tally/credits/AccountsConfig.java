package dev.tally.credits;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The bounds of lists of accounts, of the ledger and of usage. */
@ConfigMapping(prefix = "tally.accounts")
public interface AccountsConfig {
    /** How many rows of a list whoever does not say gets. */
    @WithDefault("100")
    @Min(1)
    @Max(1_000)
    int defaultPageRows();

    /** How many rows of a list one page may have; they are held in memory. */
    @WithDefault("1000")
    @Min(1)
    @Max(100_000)
    int maxPageRows();

    /** The longest range of dates that may be asked for. */
    @WithDefault("3660")
    @Min(1)
    int maxRangeDays();

    /** How many rows the usage of one user may have, which is not given in pages; they are held in memory. */
    @WithDefault("20000")
    @Min(1)
    @Max(1_000_000)
    int maxUsageRows();

    /** How many queries about usage may be under way at once; each reads many rows. */
    @WithDefault("8")
    @Min(1)
    int maxConcurrentUsage();
}
