package dev.tally.reports;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a job stands, or a part of it (which is never partial). The open ones come first, in the order in which a job goes
 * through them; from the others there is no way on.
 */
enum JobStatus {
    REQUESTED, PENDING, IN_PROGRESS, COMPLETED, PARTIAL, FAILED, CANCELLED, TIMED_OUT;

    /** As clients and the database have it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static JobStatus of(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException("Not a status: " + text));
    }

    static Optional<JobStatus> find(String text) {
        return Arrays.stream(values()).filter(status -> status.text().equals(text)).findFirst();
    }

    /** Whether nothing can change any more. */
    boolean ended() {
        return compareTo(IN_PROGRESS) > 0;
    }

    /** Whether there are rows to read. */
    boolean hasRows() {
        return this == COMPLETED || this == PARTIAL;
    }

    /**
     * What a part becomes when Gcore says this of its report. What Gcore has not said before is a way of being under way:
     * the part's deadline ends it if it is not.
     *
     * @param gcoreStatus one of {@code Pending}, {@code InProgress}, {@code Completed}, {@code Failed},
     *        {@code Cancelled} (Gcore's API description, "Retrieve a specific report generation information"), or another
     * @throws IllegalStateException when the part has ended
     */
    JobStatus onGcore(String gcoreStatus) {
        if (ended()) {
            throw new IllegalStateException("A part that is " + text() + " changes no more");
        }
        return switch (gcoreStatus) {
            // Gcore may put it back into its queue; it was begun all the same.
            case "Pending" -> this == IN_PROGRESS ? IN_PROGRESS : PENDING;
            case "Completed" -> COMPLETED;
            case "Failed" -> FAILED;
            case "Cancelled" -> CANCELLED;
            default -> IN_PROGRESS;
        };
    }

    /** Whether {@link #onGcore} knows what this means. */
    static boolean isKnownAtGcore(String gcoreStatus) {
        return List.of("Pending", "InProgress", "Completed", "Failed", "Cancelled").contains(gcoreStatus);
    }

    /**
     * How a job stands whose parts stand so.
     *
     * @param parts at least one
     */
    static JobStatus ofJob(Collection<JobStatus> parts) {
        if (parts.isEmpty() || parts.contains(PARTIAL)) {
            throw new IllegalArgumentException("Not the parts of a job: " + parts);
        }
        if (parts.stream().allMatch(JobStatus::ended)) {
            if (parts.contains(COMPLETED)) {
                return parts.stream().allMatch(COMPLETED::equals) ? COMPLETED : PARTIAL;
            }
            JobStatus first = parts.iterator().next();
            return parts.stream().allMatch(first::equals) ? first : FAILED;
        }
        if (parts.contains(IN_PROGRESS) || parts.stream().anyMatch(JobStatus::ended)) {
            return IN_PROGRESS;
        }
        return parts.contains(PENDING) ? PENDING : REQUESTED;
    }
}
