package dev.tally.calls;

record FloatingCall(double averageSeconds) {}
