package dev.tally.platform.planted;

import dev.tally.calls.ClassRequest;

record PlatformThatKnowsCalls(ClassRequest request) {}
