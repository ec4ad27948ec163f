package dev.tally.reports;

import java.util.List;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** A page of jobs. Named to the native build, which sees it nowhere but within an answer. */
@RegisterForReflection
record JobsResponse(List<JobResponse> data, int count) {}
