package dev.tally.interactions;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * An import as clients see it.
 *
 * @param state running, completed, failed or reverted
 * @param progress from 0 to 1
 * @param sameAs an earlier import, which stands, with the same rows; null when there is none
 * @param failure why it failed; null when it did not
 * @param warningCount how many there are; the first of them are in {@code warnings}
 * @param rejectCount the same for {@code rejects}
 */
record ImportResponse(UUID id, String state, @JsonProperty("dry_run") boolean dryRun,
        @JsonProperty("file_name") String fileName, String sha256,
        @JsonProperty("content_sha256") @Nullable String contentSha256,
        @JsonProperty("same_as") @Nullable UUID sameAs, @JsonProperty("size_bytes") long sizeBytes,
        BigDecimal progress, @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("finished_at") @Nullable Instant finishedAt,
        @JsonProperty("reverted_at") @Nullable Instant revertedAt, @Nullable Failure failure,
        List<SheetCounts> sheets, @JsonProperty("warning_count") long warningCount, List<Warning> warnings,
        @JsonProperty("reject_count") long rejectCount, List<Reject> rejects) {

    /**
     * Why an import failed.
     *
     * @param code the problem's, see docs/problems.md
     */
    record Failure(String code, String detail) {}

    static ImportResponse of(Import known, List<Reject> rejects) {
        Failure failure = known.failureCode == null || known.failure == null
                ? null
                : new Failure(known.failureCode, known.failure);
        return new ImportResponse(known.id, known.state().text(), known.dryRun, known.fileName, known.sha256,
                known.contentSha256, known.sameAs, known.sizeBytes, known.progress, known.createdAt,
                known.finishedAt, known.revertedAt, failure, List.copyOf(known.sheets), known.warningCount,
                List.copyOf(known.warnings), known.rejectCount, rejects);
    }
}
