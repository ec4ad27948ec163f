package dev.tally.platform.openapi;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same of the packaged application, and with {@code -Dnative} of the binary. */
@QuarkusIntegrationTest
class HostileInputIT extends HostileInputTest {}
