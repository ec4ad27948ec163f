package dev.tally.console;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class ReportsScreenIT extends ReportsScreenTest {}
