package dev.tally.credits;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a top-up came to. Named to the native build, because it is written without an endpoint that returns it.
 *
 * @param credits the balance after it
 */
@RegisterForReflection
record TopUpResponse(@JsonProperty("user_id") long userId, String email, long credits) {}
