package dev.tally.reports;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;

/**
 * A part that this process works on.
 *
 * @param claim which claim of it this is; what is written is written only while it is the latest
 * @param startingSince when Gcore was, or was about to be, asked for the report
 * @param features of which features it was asked; empty before
 * @param jobEnded whether the job has ended, as it has when it was cancelled
 * @param tries how often its present step has failed
 */
record ClaimedPart(long partNo, int claim, long jobNo, UUID jobId, Product product, String gcoreUserId,
        LocalDate startDate, LocalDate endDate, JobStatus status, Instant deadline, int tries,
        Optional<Instant> startingSince, SortedSet<Integer> features, Optional<UUID> gcoreUuid,
        Optional<String> gcoreStatus, boolean jobEnded) {

    /** What Gcore is asked for; its last day is not included, ours is. */
    ReportParameters parameters(SortedSet<Integer> ofFeatures) {
        return new ReportParameters(startDate, endDate.plusDays(1), ofFeatures);
    }
}
