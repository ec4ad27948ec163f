package dev.tally.credits;

import java.util.List;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** The jobs beside records that a user's keys are to read. */
record ScopesRequest(
        @NotNull @Size(max = 4) List<@NotNull @Pattern(regexp = "calls|analytics|interactions|reports", message = "must be calls, analytics, interactions or reports") String> scopes) {}
