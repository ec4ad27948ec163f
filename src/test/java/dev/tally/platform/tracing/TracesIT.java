package dev.tally.platform.tracing;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same of the packaged application, and with {@code -Dnative} of the binary. */
@QuarkusIntegrationTest
class TracesIT extends TracesTest {}
