package dev.tally.reports;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A job, as it is kept.
 *
 * @param order what was asked for
 * @param endedAt when it ended; empty while it is open
 * @param expiresAt until when its result is kept; empty while it is open
 * @param result empty unless it has rows
 * @param failure why it has not all rows
 * @param parts one for each product
 */
record ReportJob(long jobNo, UUID id, ReportOrder order, JobStatus status, Instant createdAt, Instant updatedAt,
        Optional<Instant> endedAt, Optional<Instant> expiresAt, Optional<Result> result,
        Optional<ReportPart.Failure> failure, List<ReportPart> parts) {

    private static final int PROGRESS_SCALE = 3;

    ReportJob {
        parts = List.copyOf(parts);
    }

    /** The rows of all parts as one CSV answer: how many, and its bytes. */
    record Result(long count, long sizeBytes, String sha256) {}

    boolean isExpired(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }

    /** How far it is, from 0 to 1: by its steps, because Gcore says no more. */
    BigDecimal progress() {
        if (status.ended()) {
            return BigDecimal.ONE;
        }
        int tenths = parts.stream().mapToInt(part -> switch (part.status()) {
            case REQUESTED -> 0;
            case PENDING -> 1;
            case IN_PROGRESS -> 4;
            default -> 10;
        }).sum();
        // An open job is not done, though its last part may be.
        return BigDecimal.valueOf(Math.min(tenths * 100L / parts.size(), 990), PROGRESS_SCALE)
                .setScale(PROGRESS_SCALE, RoundingMode.DOWN);
    }
}
