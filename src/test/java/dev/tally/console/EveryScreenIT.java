package dev.tally.console;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class EveryScreenIT extends EveryScreenTest {}
