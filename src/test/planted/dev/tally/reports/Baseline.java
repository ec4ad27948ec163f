package dev.tally.reports;

public record Baseline(long value) {}
