package dev.tally.platform.logging;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jspecify.annotations.Nullable;

/** The loggers of this process that have another level than the configuration says. */
final class ChangedLoggers {
    private static final Map<String, java.util.logging.Level> LEVELS = Map.of("error", Level.ERROR, "warn", Level.WARN,
            "info", Level.INFO, "debug", Level.DEBUG);

    private final LogContext context;
    private final Map<String, Changed> changed = new HashMap<>();

    ChangedLoggers(LogContext context) {
        this.context = context;
    }

    /**
     * @param logger kept, because nobody else may, and the level would go with it
     * @param before what it had; null for that of what is above it
     */
    private record Changed(Logger logger, java.util.logging.@Nullable Level before) {}

    /** Makes these the levels that are changed; what is not among them any more is as it was before. */
    synchronized void apply(Collection<LogLevel> wanted) {
        Map<String, LogLevel> byCategory = wanted.stream()
                .collect(Collectors.toMap(LogLevel::category, Function.identity()));
        changed.entrySet().removeIf(entry -> {
            boolean over = !byCategory.containsKey(entry.getKey());
            if (over) {
                entry.getValue().logger().setLevel(entry.getValue().before());
            }
            return over;
        });
        wanted.forEach(level -> changed.computeIfAbsent(level.category(), this::find).logger()
                .setLevel(LEVELS.get(level.level())));
    }

    private Changed find(String category) {
        Logger logger = context.getLogger(category);
        return new Changed(logger, logger.getLevel());
    }
}
