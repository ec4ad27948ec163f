package dev.tally.records;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same on the packaged application. */
@QuarkusIntegrationTest
class RecordsIT extends RecordsTest {}
