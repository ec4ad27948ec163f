package dev.tally.local;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a report.
 *
 * @param outcome {@code Completed}, {@code Failed}, {@code Cancelled}, or {@code never}
 * @param afterMillis when it is so; null as long as all others take
 * @param meanwhile its status until then; null for Pending and InProgress
 */
record StandInScript(String outcome, @Nullable Long afterMillis, @Nullable String meanwhile) {
    static final StandInScript ORDINARY = new StandInScript("Completed", null, null);
}
