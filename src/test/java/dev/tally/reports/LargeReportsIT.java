package dev.tally.reports;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class LargeReportsIT extends LargeReportsTest {}
