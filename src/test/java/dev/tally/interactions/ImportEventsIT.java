package dev.tally.interactions;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same of the packaged application, and with {@code -Dnative} of the binary. */
@QuarkusIntegrationTest
class ImportEventsIT extends ImportEventsTest {}
