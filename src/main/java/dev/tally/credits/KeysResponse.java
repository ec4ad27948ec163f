package dev.tally.credits;

import java.util.List;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** A page of keys. Named to the native build, which sees it nowhere but within an answer. */
@RegisterForReflection
record KeysResponse(List<KeyResponse> data, int count) {}
