package dev.tally.credits;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.paging.Page;
import dev.tally.platform.time.DateRange;
import dev.tally.platform.time.Zones;

/** Reads which part of a list is asked for. */
@ApplicationScoped
class AskedParts {
    /** A date, an id and the name of an endpoint. */
    private static final int MAX_AFTER_CHARACTERS = 500;

    private final Zones zones;
    private final AccountsConfig config;

    AskedParts(Zones zones, AccountsConfig config) {
        this.zones = zones;
        this.config = config;
    }

    Page page(@Nullable String limit, @Nullable String after) {
        return Page.parse(limit, after,
                new Page.Bounds(config.defaultPageRows(), config.maxPageRows(), MAX_AFTER_CHARACTERS));
    }

    UsageRange range(@Nullable String startDate, @Nullable String endDate, @Nullable String zone) {
        return new UsageRange(DateRange.parse(startDate, endDate, config.maxRangeDays()), zones.of(zone));
    }
}
