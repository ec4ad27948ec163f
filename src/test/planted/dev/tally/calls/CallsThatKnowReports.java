package dev.tally.calls;

import dev.tally.reports.Baseline;

record CallsThatKnowReports(Baseline baseline) {}
