package dev.tally.platform.logging;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same of the packaged application, and with {@code -Dnative} of the binary. */
@QuarkusIntegrationTest
class LogLevelsIT extends LogLevelsTest {}
