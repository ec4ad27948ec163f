package dev.tally.reports;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A report as Gcore describes it.
 *
 * @param status Gcore's word, also one that its description does not know
 * @param parameters empty when Gcore does not say, or they are not such as this service asks for
 * @param recordsToProcess empty as long as Gcore does not know
 * @param errors Gcore's own words
 */
record GcoreReport(UUID uuid, String status, Instant createdAt, Optional<ReportParameters> parameters,
        Optional<Long> recordsToProcess, List<String> errors) {
    GcoreReport {
        errors = List.copyOf(errors);
    }
}
