package dev.tally.reports;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What report is wanted.
 *
 * @param gcoreUserId the id of the client at Gcore
 * @param startDate the first day, {@code YYYY-MM-DD}
 * @param endDate the last day, {@code YYYY-MM-DD}
 * @param callbackUrl whom to tell when it has ended
 */
record ReportRequest(
        @JsonProperty("gcore_user_id") @NotNull @Pattern(regexp = CLIENT, message = CLIENT_RULE) String gcoreUserId,
        @JsonProperty("start_date") @NotNull String startDate, @JsonProperty("end_date") @NotNull String endDate,
        @JsonProperty("callback_url") @Nullable @Size(max = 2_000) String callbackUrl) {
    static final String CLIENT = "[!-~]{1,64}";
    static final String CLIENT_RULE = "must be 1 to 64 visible ASCII characters";

    /** Without the callback, whose URL may hold a secret. */
    @Override
    public String toString() {
        return "ReportRequest[" + gcoreUserId + ", " + startDate + ", " + endDate + "]";
    }
}
