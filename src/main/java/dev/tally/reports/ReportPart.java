package dev.tally.reports;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The report of one product, as it is kept.
 *
 * @param gcoreStatus what Gcore last said
 * @param rows its rows; empty unless it is completed
 * @param failure why it has no rows; empty when it has, or may still get some
 */
record ReportPart(long partNo, Product product, JobStatus status, Optional<UUID> gcoreUuid,
        Optional<String> gcoreStatus, Optional<StoredRows> rows, Optional<Failure> failure) {

    /**
     * Where the rows of a part are.
     *
     * @param header the names of the columns
     * @param count how many rows
     * @param packedBytes how many bytes they take
     * @param objectKey their object in S3; empty when they are in PostgreSQL
     */
    record StoredRows(List<String> header, long count, long packedBytes, Optional<String> objectKey) {
        StoredRows {
            header = List.copyOf(header);
        }
    }

    /**
     * Why there are no rows.
     *
     * @param code stable, for programs
     * @param sentence for people
     */
    record Failure(FailureCode code, String sentence) {
        private static final int MAX_CHARACTERS = 2_000;

        Failure {
            sentence = Foreign.clean(sentence, MAX_CHARACTERS);
        }
    }

    /** Kinds of failures. */
    enum FailureCode {
        /** Gcore has no feature of the product. */
        FEATURES_MISSING,
        /** Gcore failed, refused or lost the report. */
        GCORE_FAILED,
        /** Gcore refuses this service's account. */
        GCORE_LOGIN_REFUSED,
        /** Gcore's file cannot be read. */
        RESULT_UNREADABLE,
        /** The result is larger than this service keeps. */
        RESULT_TOO_LARGE,
        /** Gcore cancelled it, or somebody did here. */
        CANCELLED,
        /** This service could not do its part. */
        INTERNAL,
        /** It took too long. */
        TIMED_OUT
    }
}
