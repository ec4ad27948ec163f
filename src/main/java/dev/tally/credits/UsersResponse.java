package dev.tally.credits;

import java.util.List;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** A page of users. Named to the native build, which sees it nowhere but within an answer. */
@RegisterForReflection
record UsersResponse(List<UserResponse> data, int count) {}
