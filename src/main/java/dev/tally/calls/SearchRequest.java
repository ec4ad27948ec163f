package dev.tally.calls;

import java.util.List;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Which subscribers' days are asked for.
 *
 * @param msisdns whose
 * @param startDate {@code YYYY-MM-DD}
 * @param endDate {@code YYYY-MM-DD}
 */
record SearchRequest(@NotEmpty List<@NotNull String> msisdns,
        @JsonProperty("start_date") @Nullable String startDate,
        @JsonProperty("end_date") @Nullable String endDate) {}
