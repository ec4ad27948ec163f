package dev.tally.reports;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A job as clients see it.
 *
 * @param product cdn, cloud, waap or all
 * @param status requested, pending, in_progress, completed, partial, failed, cancelled or timed_out
 * @param progress from 0 to 1
 * @param expiresAt until when the result is kept; null while the job is open
 * @param parts one for each product
 * @param count the rows; this and the next two are null unless there are rows
 * @param sha256 of the CSV answer, in hexadecimal
 * @param sizeBytes of the CSV answer
 * @param errorCode why not all rows are there; null when they are
 * @param error the same in a sentence
 */
record JobResponse(UUID uuid, String product, @JsonProperty("gcore_user_id") String gcoreUserId,
        @JsonProperty("start_date") LocalDate startDate, @JsonProperty("end_date") LocalDate endDate, String status,
        BigDecimal progress, @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("updated_at") Instant updatedAt, @JsonProperty("expires_at") @Nullable Instant expiresAt,
        List<Part> parts, @Nullable Long count, @Nullable String sha256,
        @JsonProperty("size_bytes") @Nullable Long sizeBytes, @JsonProperty("error_code") @Nullable String errorCode,
        @Nullable String error) {

    /**
     * The report of one product.
     *
     * @param gcoreUuid Gcore's id of it; null before it makes it
     * @param gcoreStatus what Gcore last said
     */
    record Part(String product, String status, @JsonProperty("gcore_uuid") @Nullable UUID gcoreUuid,
            @JsonProperty("gcore_status") @Nullable String gcoreStatus, @Nullable Long count,
            @JsonProperty("error_code") @Nullable String errorCode, @Nullable String error) {

        static Part of(ReportPart part) {
            return new Part(part.product().text(), part.status().text(), part.gcoreUuid().orElse(null),
                    part.gcoreStatus().orElse(null), part.rows().map(ReportPart.StoredRows::count).orElse(null),
                    part.failure().map(failure -> failure.code().name()).orElse(null),
                    part.failure().map(ReportPart.Failure::sentence).orElse(null));
        }
    }

    static JobResponse of(ReportJob job) {
        ReportOrder order = job.order();
        return new JobResponse(job.id(), order.scope().text(), order.gcoreUserId(), order.startDate(), order.endDate(),
                job.status().text(), job.progress(), job.createdAt(), job.updatedAt(), job.expiresAt().orElse(null),
                job.parts().stream().map(Part::of).toList(), job.result().map(ReportJob.Result::count).orElse(null),
                job.result().map(ReportJob.Result::sha256).orElse(null),
                job.result().map(ReportJob.Result::sizeBytes).orElse(null),
                job.failure().map(failure -> failure.code().name()).orElse(null),
                job.failure().map(ReportPart.Failure::sentence).orElse(null));
    }
}
