package dev.tally.reports;

import java.util.Map;

import io.smallrye.config.SmallRyeConfigBuilder;

/** The bounds of results as they are by default, some of them set. */
final class ResultBounds {
    private ResultBounds() {}

    static ReportsConfig.Results usual() {
        return with(Map.of());
    }

    /** @param values by their names below {@code tally.reports.results.} */
    static ReportsConfig.Results with(Map<String, String> values) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().withMapping(ReportsConfig.class)
                .withDefaultValue("tally.reports.poll-interval-seconds", "10")
                .withDefaultValue("tally.reports.poll-timeout-seconds", "600")
                .withDefaultValue("tally.reports.work.settle-seconds", "60");
        values.forEach((name, value) -> builder.withDefaultValue("tally.reports.results." + name, value));
        return builder.build().getConfigMapping(ReportsConfig.class).results();
    }
}
