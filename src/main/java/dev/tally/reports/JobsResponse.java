package dev.tally.reports;

import java.util.List;

/** A page of jobs. */
record JobsResponse(List<JobResponse> data, int count) {}
